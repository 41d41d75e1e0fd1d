import { slowProbeIds, slowProbes } from '../../../../electron/core/probes/slow-probes.ts';
import { fastProbe } from '../../../../electron/core/probes/fast.ts';
import { withConnection, withFast, withSlow } from '../../../../electron/core/region/apply.ts';
import { listNodes } from '../../../../electron/core/region/memberships.ts';
import { nothingObserved, type Observation } from '../../../../electron/core/region/observation.ts';
import type { RegionNode } from '../../../../electron/core/region/region-node.ts';
import { unreadStatus } from '../../../../electron/core/region/unread-status.ts';
import type { ClusterAnswer } from '../../../../shared/model/cluster.ts';
import { answerOf } from '../cluster/capture.ts';
import { capturedAnswer } from '../probes/captures.ts';

export const hostKey = { type: 'ssh-ed25519', fingerprint: 'SHA256:first' };
export const fastIntervalMs = 5000;
export const slowIntervalMs = 300_000;

/** Everything that a node of our lab answered, as one look of it at `now`. */
export function observed(node: string, now: number, old: Observation = nothingObserved): Observation {
  const fast = { now, roundTripMs: 20, intervalMs: fastIntervalMs };
  let observation = withConnection(old, { host: '10.0.0.2', hostKey, at: now, intervalMs: slowIntervalMs });
  observation = withFast(observation, fastProbe.parse(capturedAnswer(node, 'fast')), fast);
  for (const id of slowProbeIds) {
    const parsed = slowProbes[id].parse(capturedAnswer(node, id));
    observation = withSlow(observation, id, parsed, { now, intervalMs: slowIntervalMs });
  }
  return observation;
}

/** A member of the captured healthy region, with what was observed of it. */
export function memberOf(
  name: string,
  observation: Observation = nothingObserved,
  answer: ClusterAnswer = answerOf('healthy/lab-c1'),
): RegionNode {
  const listed = listNodes(answer).find((node) => node.name === name);
  if (listed === undefined) throw new Error(`${name} is no member of the capture`);
  return { ...listed, status: unreadStatus(0), memory: undefined, observation };
}
