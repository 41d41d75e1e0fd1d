import { statusLabels } from '#shared/lifecycle/statuses.ts';
import type { HostFacts } from '../../lifecycle/facts.ts';
import { gateObstacles } from '../../lifecycle/health-gate.ts';
import { hostPart } from '../../region/gather-facts.ts';
import { pauseOrCancel, readCluster } from '../look.ts';
import { stepFailed } from '../run-steps.ts';
import type { OperationContext, Step } from '../step.ts';

const wellWithinMs = 90_000;
const activeWithinMs = 300_000;
/** A Failed that passes by itself, as libvirt that is just starting, ends nothing. */
const failedForMs = 25_000;
const everyMs = 2000;

/** What the health gate will ask for, asked while the node is still in standby: one that is not well takes no VM at all. */
export const healthyStep: Step = {
  id: 'healthy',
  title: 'Look at its health',
  isDone: () => Promise.resolve(false),
  act: () => Promise.resolve(),
  async verify(context) {
    const { node, clock, say } = context;
    const begun = clock.monotonic();
    for (;;) {
      const obstacles = gateObstacles(await hostNow(context), 0, clock.now());
      if (obstacles.length === 0) return 'it answers, and is well';
      if (clock.monotonic() - begun >= wellWithinMs)
        stepFailed(
          `${node} is not well enough to be let in: ${obstacles.join('; ')}.`,
          'It is in standby still. Mend that, then continue; rolled back it stays In maintenance, and its cluster services run.',
        );
      say(`waits: ${obstacles.join('; ')}`);
      await pauseOrCancel(context, everyMs);
    }
  },
};

/** The machine, read now. */
async function hostNow({ region, nodeId }: OperationContext): Promise<HostFacts> {
  return hostPart(await region.readNode(nodeId), () => region.nodes().filter(({ id }) => id !== nodeId));
}

/** *Active* is only what is observed: the table itself has to say so, by its health gate (docs/status.md). */
export const activeStep: Step = {
  id: 'active',
  title: 'Read again: it is Active',
  isDone: () => Promise.resolve(false),
  act: () => Promise.resolve(),
  async verify(context) {
    const { region, nodeId, clock, say } = context;
    const begun = clock.monotonic();
    let failedSince: number | undefined;
    for (;;) {
      await region.readNode(nodeId);
      await readCluster(context);
      const { status, name } = region.row(nodeId);
      const { status: shown, reason, unknownSince } = status;
      if (shown === 'active' && unknownSince === null) return 'by the cluster and by itself';
      const now = clock.monotonic();
      failedSince = shown === 'failed' && unknownSince === null ? (failedSince ?? now) : undefined;
      const isFailed = failedSince !== undefined && now - failedSince >= failedForMs;
      if (shown === 'fenced' || isFailed || now - begun >= activeWithinMs)
        stepFailed(
          `${name} is ${statusLabels[shown]}, not Active: ${reason || 'its health gate does not open'}.`,
          'Mend that, then continue. Rolled back nothing more is done: it has left its standby, and its status is what is observed.',
        );
      say(reason);
      await pauseOrCancel(context, everyMs);
    }
  },
};
