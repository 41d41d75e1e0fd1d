import type { ClusterAnswer, RecordedVm } from '#shared/model/cluster.ts';
import { stepWorld, type StepWorld } from './step-world.ts';

/** A VM of the plan, that is to leave live. */
export const planned = (resource: string, target = 'lab-c3'): RecordedVm => ({
  resource,
  target,
  effect: 'live-migrate',
  isDone: false,
});
const exited = 'LoadState=loaded\nActiveState=active\nSubState=exited\n';
const ended = '{"rackside":"end","vm":"vm","on":"lab-c3","managed":true,"move_rc":0,"rc":0,"s":9,"why":""}';

/** The same, with this VM on these nodes, managed. */
export function at(answer: ClusterAnswer, resource: string, nodes: readonly string[]): ClusterAnswer {
  const resources = answer.resources.map((one) =>
    one.id === resource ? { ...one, nodes, role: nodes.length === 0 ? 'Stopped' : 'Started', isManaged: true } : one,
  );
  return { ...answer, resources };
}

/** vm1 and vm2 are on lab-c2; a unit that is started moves its VM at once. */
export function world(): StepWorld {
  const one = stepWorld();
  for (const name of ['vm1', 'vm2']) one.answer = at(one.answer, name, ['lab-c2']);
  one.record = { ...one.record, vms: [planned('vm1'), planned('vm2')] };
  one.unit = () => ({ properties: exited, journal: ended });
  one.onSent = (line) => {
    const resource = /-(vm\d)\.service/u.exec(line)?.[1];
    if (line.startsWith('systemd-run') && resource !== undefined) one.answer = at(one.answer, resource, ['lab-c3']);
    return { kind: 'started' };
  };
  return one;
}
/** The units that were started. */
export const units = (one: StepWorld) => one.sent.filter((line) => line.startsWith('systemd-run'));
