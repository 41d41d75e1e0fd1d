import type { MaintenanceChoices } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import { waitFor, type Lab } from './lab-api.ts';
import type { Laptop } from './use-lab.ts';
import { isMoving, qemuOf, slowDown, startMaintenance, untilOperation } from './node-operations.ts';

/** Starts the maintenance of a node, and waits until this VM’s migration runs, at the speed that is given. */
export async function startMidMove(
  { lab, app, region }: Laptop,
  node: string,
  domain: string,
  mibPerSecond: number,
  choices: Partial<MaintenanceChoices> = {},
): Promise<Operation> {
  await slowDown(lab.node(node), domain, mibPerSecond);
  const operation = await startMaintenance(app, region, node, choices);
  await untilOperation(app, region, operation.id, isMoving);
  await untilMigrates(lab, node, domain);
  return operation;
}

/** Waits until libvirt on its source says that the domain migrates. */
export async function untilMigrates(lab: Lab, node: string, domain: string): Promise<void> {
  const job = `virsh -c qemu:///system domjobinfo ${domain}`;
  const runs = async () => (await lab.node(node).exec(job)).stdout.includes('Unbounded');
  await waitFor(`the migration of ${domain} runs`, runs, 40_000);
}

/** Every QEMU process of a domain, by node: `c2 4711`, or `c3 live` of one that was started to receive it. */
export async function processesOf(lab: Lab, domain: string): Promise<readonly string[]> {
  const found = await Promise.all(
    lab.nodes
      .filter((node) => node.isOn())
      .map(async (node) =>
        (await qemuOf(node, domain)).map(({ pid, isIncoming }) => `${node.name} ${isIncoming ? 'live' : pid}`),
      ),
  );
  return found.flat();
}
