import { randomUUID } from 'node:crypto';
import { operationId } from '#shared/model/ids.ts';
import type { OperationId, RegionId } from '#shared/model/ids.ts';
import { noChoices, type MaintenanceChoices, type PreparedMaintenance } from '#shared/model/maintenance.ts';
import type { Operation } from '#shared/model/operation.ts';
import { waitFor, type Lab, type LabNode } from './lab-api.ts';
import { rowOf, type Rackside } from './rackside.ts';

/** What tests of operations on nodes ask, by the contract and of the nodes themselves. */

/** Preflight and plan once nothing of the moment holds it up: the node's own state is settled, its libvirt was read. */
export async function prepare(
  app: Rackside,
  regionId: RegionId,
  node: string,
  choices: Partial<MaintenanceChoices> = {},
): Promise<PreparedMaintenance> {
  const { id: nodeId } = await rowOf(app, regionId, node);
  let last = '';
  return waitFor(
    `the maintenance of ${node} is ready`,
    async () => {
      const prepared = await app
        .call('maintenance.prepare', { regionId, nodeId, choices: { ...noChoices, ...choices } })
        .catch((error: unknown) => void (last = String(error)));
      if (prepared !== undefined && !prepared.isReady) last = prepared.heldUpBy;
      return prepared?.isReady === true ? prepared : undefined;
    },
    90_000,
    1000,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${last}`);
  });
}

/** The input of `maintenance.start` for what was prepared. */
export const confirmed = (
  regionId: RegionId,
  { nodeId, digest }: PreparedMaintenance,
  choices: Partial<MaintenanceChoices> = {},
  id: OperationId = operationId(randomUUID()),
) => ({ regionId, nodeId, operationId: id, choices: { ...noChoices, ...choices }, digest, reason: 'lab test' });

/** Prepares and starts a maintenance. */
export async function startMaintenance(
  app: Rackside,
  regionId: RegionId,
  node: string,
  choices: Partial<MaintenanceChoices> = {},
): Promise<Operation> {
  const prepared = await prepare(app, regionId, node, choices);
  return app.call('maintenance.start', confirmed(regionId, prepared, choices));
}

/** Starts an Activate, once nothing of the moment holds it up. */
export async function startActivate(
  app: Rackside,
  regionId: RegionId,
  node: string,
  { bringsVmsHome }: { readonly bringsVmsHome: boolean },
): Promise<Operation> {
  const on = { regionId, nodeId: (await rowOf(app, regionId, node)).id };
  const { digest } = await waitFor(
    `${node} can be activated`,
    async () => {
      const found = await app.call('activate.prepare', on);
      if (!found.isReady) throw new Error(found.heldUpBy);
      return found;
    },
    90_000,
    1000,
  );
  const asked = { bringsVmsHome, acknowledgesFenceLoop: false };
  return app.call('activate.start', { ...on, ...asked, operationId: operationId(randomUUID()), digest });
}

/** The operation once this is true of it. What it was at last is in the error. */
export async function untilOperation(
  app: Rackside,
  regionId: RegionId,
  id: OperationId,
  isSo: (operation: Operation) => boolean,
  deadlineMs = 180_000,
): Promise<Operation> {
  let last: Operation | undefined;
  return waitFor(
    `operation ${id}`,
    async () => {
      last = await app.call('operations.get', { regionId, operationId: id });
      return isSo(last) ? last : undefined;
    },
    deadlineMs,
    200,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify([last?.state, last?.steps, last?.vms])}`);
  });
}

/** True once nobody drives it any more. */
export const isOver = ({ state }: Operation): boolean => state.kind === 'ended' || state.kind === 'failed';

export const isMoving = ({ vms }: Operation): boolean => vms.some(({ state }) => state === 'moving');

/** One QEMU process of a domain. */
export interface Qemu {
  readonly pid: string;
  /** Started to receive a migration: a VM whose process has this was not started anew. */
  readonly isIncoming: boolean;
}

/** The domain's QEMU processes on this node, by the kernel. */
export async function qemuOf(node: LabNode, domain: string): Promise<readonly Qemu[]> {
  const lines = await node.mustExec(
    `for p in $(pgrep -f 'guest=${domain},'); do tr '\\0' ' ' <"/proc/$p/cmdline" 2>/dev/null | grep -q '^/usr/bin/qemu' || continue; grep -qz -- -incoming "/proc/$p/cmdline" && echo "$p live" || echo "$p cold"; done`,
  );
  return lines
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [pid = '', how] = line.split(' ');
      return { pid, isIncoming: how === 'live' };
    });
}

/** Names of the domains that run on this node, by libvirt. */
export async function domainsOn(node: LabNode): Promise<readonly string[]> {
  const list = await node.mustExec('virsh -c qemu:///system list --name');
  return list.trim().split('\n').filter(Boolean).toSorted();
}

/** Where the cluster says that a VM is, and whether it manages it. */
export async function careOf(
  lab: Lab,
  resource: string,
): Promise<{ readonly on: readonly string[]; readonly isManaged: boolean }> {
  const control = lab.controls.find((node) => node.isOn()) ?? lab.controls[0];
  const xml = await control!.mustExec(`crm_mon --output-as=xml | grep -F -A9 '<resource id="${resource}"'`);
  const element = /<resource [^>]*>(?:\s*<node name="[^"]*"[^>]*>)*/u.exec(xml)?.[0] ?? '';
  return {
    on: [...element.matchAll(/<node name="([^"]*)"/gu)].map(([, name]) => name ?? ''),
    isManaged: element.includes('managed="true"'),
  };
}

/** Bounds migrations of a VM from where it runs: 28 MiB that are written without end do not arrive at 1 MiB/s. */
export async function slowDown(node: LabNode, domain: string, mibPerSecond = 1): Promise<void> {
  await node.mustExec(`virsh -c qemu:///system migrate-setspeed ${domain} ${mibPerSecond}`);
}

/** Takes away by hand what operations keep in the cluster, and lets every VM go home, as docs/operations.md says. */
export async function forgetOperations(lab: Lab): Promise<void> {
  const control = lab.controls.find((node) => node.isOn());
  if (control === undefined) return;
  const paths = [
    `//crm_config/cluster_property_set[starts-with(@id,'rackside-')]`,
    `//constraints/rsc_location[starts-with(@id,'rackside-')]`,
    `//meta_attributes[starts-with(@id,'rackside-care-')]`,
  ];
  const marks = [...lab.controls, ...lab.workers].map(
    ({ name }) => `crm_attribute -N ${name} -n rackside-maintenance -D`,
  );
  await control.exec([...paths.map((path) => `cibadmin --delete-all --force --xpath "${path}"`), ...marks].join('; '));
}

/** Every name of ours in the cluster's configuration, but the region's own limits. */
export async function tracesOf(lab: Lab): Promise<readonly string[]> {
  const control = lab.controls.find((node) => node.isOn()) ?? lab.controls[0];
  const cib = await control!.mustExec('cibadmin -Q -o configuration');
  const names = [...cib.matchAll(/<(?:cluster_property_set|rsc_location|meta_attributes) id="(rackside-[^"]*)"/gu)];
  return names
    .map(([, name]) => name ?? '')
    .filter((name) => !name.startsWith('rackside-limits'))
    .toSorted();
}
