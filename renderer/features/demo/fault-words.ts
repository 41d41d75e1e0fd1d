import { nodeFaults, type DemoFault } from '#shared/model/demo.ts';

type NodeFault = (typeof nodeFaults)[number];

/** Every fault as what a person does by it. The type of the record makes the list complete. */
const verbs: Readonly<Record<NodeFault, string>> = {
  'node-dies': 'Kill the node',
  'node-freezes': 'Freeze the node',
  'network-slow': 'Slow its network',
  'network-cut': 'Cut its network',
  'fencing-fails': 'Break its fencing',
  'disk-fails': 'Break a disk',
  'second-operator-takes-lease': 'Take its lease, as another operator',
};

export const nodeFaultVerbs = nodeFaults.map((kind) => ({ kind, verb: verbs[kind] }));

export const vmFault = { kind: 'migration-fails', verb: 'Fail its migration' } as const;

/** A fault in a list: what was done, and to what, by the name that a person reads. */
export function faultWords(fault: DemoFault, nameOf: (hostname: string) => string): string {
  switch (fault.kind) {
    case 'migration-fails':
      return `${vmFault.verb}, ${fault.vm}`;
    case 'quorum-lost':
    case 'laptop-sleeps':
    case 'heal':
      return otherFaults.find((other) => other.fault.kind === fault.kind)?.verb ?? fault.kind;
    default:
      return `${verbs[fault.kind]}, ${nameOf(fault.node)}`;
  }
}

/** Long enough for every value to be shown as old, and short enough to wait for. */
const napSeconds = 30;

/** Of the whole cluster, of this laptop, and the end of all of them. */
export const otherFaults: readonly {
  readonly fault: Extract<DemoFault, { kind: 'quorum-lost' | 'laptop-sleeps' | 'heal' }>;
  readonly verb: string;
}[] = [
  { fault: { kind: 'quorum-lost' }, verb: 'Lose the quorum' },
  { fault: { kind: 'laptop-sleeps', seconds: napSeconds }, verb: `Let this laptop sleep ${napSeconds} s` },
  { fault: { kind: 'heal' }, verb: 'Heal all faults' },
];
