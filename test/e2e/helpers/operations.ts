import { nodeId, operationId } from '#shared/model/ids.ts';
import type { MoveProgress, Operation, OperationStep, OperationVm } from '#shared/model/operation.ts';
import type { Problem } from '#shared/problems.ts';
import { frankfurt } from './region.ts';

const gib = 2 ** 30;
const mib = 2 ** 20;

export const runningId = operationId('7f3a0192-5d0e-4c53-9a34-2f6f5c0b8a11');

const steps = (now: number): readonly OperationStep[] => {
  const start = now - 214_000;
  const done = (id: string, title: string, detail: string, from: number, ms: number): OperationStep => ({
    id,
    title,
    detail,
    state: 'done',
    startedAt: start + from,
    endedAt: start + from + ms,
  });
  const waiting = (id: string, title: string, detail: string): OperationStep => ({
    id,
    title,
    detail,
    state: 'waiting',
    startedAt: null,
    endedAt: null,
  });
  return [
    done('reserve', 'Lock the node', 'held by this laptop', 0, 300),
    done('preflight', 'Preflight', '9 of 9 checks passed', 300, 2100),
    done('incoming', 'Cancel incoming moves', 'none was under way', 2400, 100),
    done('hold', 'Hold off new VMs', 'no new VM is placed here', 2500, 400),
    {
      id: 'move',
      title: 'Move the VMs',
      detail: '5 moved, 2 moving, 1 waits',
      state: 'running',
      startedAt: start + 4000,
      endedAt: null,
    },
    waiting('standby', 'Standby in Pacemaker', ''),
    waiting('verify', 'Read again: no VM runs here', 'virsh on the node, resources in the cluster'),
  ];
};

function vm(name: string, memoryGib: number, target: string, more: Partial<OperationVm> = {}): OperationVm {
  return {
    resource: name,
    domain: name,
    memoryBytes: memoryGib * gib,
    effect: 'live-migrate',
    target,
    state: 'waiting',
    detail: '',
    progress: null,
    startedAt: null,
    endedAt: null,
    ...more,
  };
}

export function progress(
  now: number,
  totalGib: number,
  remainingMib: number,
  more: Partial<MoveProgress> = {},
): MoveProgress {
  return {
    readAt: now - 1000,
    elapsedMs: 30_000,
    processedBytes: totalGib * gib - remainingMib * mib,
    remainingBytes: remainingMib * mib,
    totalBytes: totalGib * gib,
    bytesPerSecond: 1092 * mib,
    dirtyBytesPerSecond: 61 * mib,
    iteration: 2,
    leftMs: 13_000,
    isStalled: false,
    ...more,
  };
}

const moved = (now: number, name: string, memoryGib: number, target: string, seconds: number): OperationVm =>
  vm(name, memoryGib, target, { state: 'moved', startedAt: now - 200_000, endedAt: now - 200_000 + seconds * 1000 });

export const stalledVm = (now: number): OperationVm =>
  vm('metrics-tsdb-2', 32, 'fra2-r09-n04', {
    state: 'moving',
    startedAt: now - 95_000,
    progress: progress(now, 32, 3932, {
      bytesPerSecond: 318 * mib,
      dirtyBytesPerSecond: 402 * mib,
      iteration: 9,
      leftMs: null,
      isStalled: true,
    }),
  });

/** The operation of the picture `07-operation`: 5 of 8 VMs moved, one of them stalls. */
export function running(now: number, more: Partial<Operation> = {}): Operation {
  return {
    id: runningId,
    regionId: frankfurt.id,
    nodeId: nodeId('member:fra2-r04-n06'),
    node: 'fra2-r04-n06',
    nodeName: 'fra2-r04-n06',
    command: 'maintenance',
    state: { kind: 'running' },
    owner: 'm.keller on kestrel-lt',
    isOurs: true,
    reason: 'Replace DIMM A7, ticket DC-4409',
    startedAt: now - 214_000,
    updatedAt: now - 1000,
    steps: steps(now),
    vms: [
      moved(now, 'orders-db-replica', 64, 'fra2-r04-n02', 82),
      moved(now, 'web-frontend-07', 16, 'fra2-r02-n03', 19),
      moved(now, 'web-frontend-08', 16, 'fra2-r02-n04', 20),
      moved(now, 'mail-relay-3', 8, 'fra2-r01-n10', 11),
      moved(now, 'billing-worker-09', 24, 'fra2-r02-n09', 31),
      vm('kafka-broker-5', 48, 'fra2-r09-n03', {
        state: 'moving',
        startedAt: now - 31_000,
        progress: progress(now, 48, 14_254),
      }),
      stalledVm(now),
      vm('api-gateway-4', 16, 'fra2-r03-n11', { detail: 'waits: 2 move at a time' }),
    ],
    message: '',
    actions: [
      { action: 'cancel', refused: null },
      {
        action: 'hand-over',
        refused: 'Two VMs move from this laptop now. It can be handed over once they have arrived.',
      },
      { action: 'force', refused: null },
    ],
    ...more,
  };
}

/** Without the VM that stalls: everything goes its way. */
export const smooth = (now: number): Operation => {
  const one = running(now);
  return { ...one, vms: one.vms.filter(({ domain }) => domain !== 'metrics-tsdb-2') };
};

export const moveProblem: Problem = {
  code: 'step-failed',
  message:
    'fra2-r04-n06: kafka-broker-5 did not move to fra2-r09-n03: its qemu does not know the machine type pc-q35-8.2.',
  advice:
    'The VM runs on at fra2-r04-n06, the same process. Choose another target, or update qemu on fra2-r09-n03; then continue.',
  evidence: {
    kind: 'output',
    command: 'virsh migrate --live kafka-broker-5 qemu+ssh://fra2-r09-n03/system',
    stdout: '',
    stderr: "error: internal error: process exited while connecting to monitor: unsupported machine type 'pc-q35-8.2'",
  },
};

export const waitingActions: Operation['actions'] = [
  { action: 'continue', refused: null },
  { action: 'roll-back', refused: null },
  { action: 'hand-over', refused: null },
  { action: 'force', refused: 'libvirt answers on fra2-r04-n06 and nothing blocks it: there is nothing to override.' },
];

/** A move failed: the VM runs on where it was, and a person has to decide. */
export function failed(now: number): Operation {
  const one = smooth(now);
  return {
    ...one,
    state: { kind: 'failed', at: now - 40_000, problem: moveProblem },
    steps: one.steps.map((step) =>
      step.id === 'move'
        ? { ...step, state: 'failed', endedAt: now - 40_000, detail: 'kafka-broker-5 did not move' }
        : step,
    ),
    vms: one.vms.map((each) =>
      each.domain === 'kafka-broker-5'
        ? { ...each, state: 'failed', detail: 'the target’s qemu does not know its machine type', progress: null }
        : each,
    ),
    actions: waitingActions,
  };
}

export const unattended = (now: number): Operation => ({
  ...smooth(now - 12 * 60_000),
  state: { kind: 'unattended', since: now - 12 * 60_000 },
  updatedAt: now - 12 * 60_000,
  steps: smooth(now - 12 * 60_000).steps.map((step) =>
    step.state === 'running' ? { ...step, state: 'waiting', detail: 'left in the middle' } : step,
  ),
  isOurs: false,
  owner: 'j.meier on osprey-lt',
  actions: waitingActions,
});

const allMoved = (now: number): readonly OperationVm[] =>
  smooth(now).vms.map((each) => ({
    ...each,
    state: 'moved',
    detail: '',
    progress: null,
    startedAt: now - 120_000,
    endedAt: now - 60_000,
  }));

const allDone = (now: number): readonly OperationStep[] =>
  steps(now).map((step) => ({
    ...step,
    state: 'done',
    detail: '',
    startedAt: step.startedAt ?? now - 20_000,
    endedAt: step.endedAt ?? now - 10_000,
  }));

export const ended = (now: number, more: Partial<Operation> = {}): Operation => ({
  ...smooth(now),
  state: {
    kind: 'ended',
    at: now - 10_000,
    outcome: 'succeeded',
    left: ['7 VMs keep their place by a pin until fra2-r04-n06 is activated.', 'The node is powered on.'],
  },
  updatedAt: now - 10_000,
  steps: allDone(now),
  vms: allMoved(now),
  actions: [],
  ...more,
});

const minute = 60_000;

/** One of every state, as the list has them. */
export function everyState(now: number): readonly Operation[] {
  const other = (id: string, name: string, more: Partial<Operation>): Operation => ({
    ...ended(now),
    id: operationId(id),
    nodeId: nodeId(`member:${name}`),
    node: name,
    nodeName: name,
    ...more,
  });
  return [
    other('11111111-0000-4000-8000-000000000001', 'fra2-r06-n02', {
      reason: 'Firmware 2.14, ticket DC-4390',
      startedAt: now - 180 * minute,
      state: { kind: 'ended', at: now - 171 * minute, outcome: 'succeeded', left: [] },
    }),
    other('11111111-0000-4000-8000-000000000002', 'fra2-r03-n08', {
      command: 'activate',
      reason: '',
      startedAt: now - 240 * minute,
      vms: [],
      state: { kind: 'ended', at: now - 236 * minute, outcome: 'succeeded', left: [] },
    }),
    other('11111111-0000-4000-8000-000000000003', 'fra2-r01-n06', {
      reason: 'Replace DIMM B3, ticket DC-4417',
      startedAt: now - 50 * minute,
      state: {
        kind: 'ended',
        at: now - 44 * minute,
        outcome: 'partly',
        left: ['render-gpu-04 stays on fra2-r01-n06: it holds a GPU.'],
      },
    }),
    other('11111111-0000-4000-8000-000000000004', 'fra2-r02-n11', {
      command: 'remove',
      owner: 'j.meier on osprey-lt',
      isOurs: false,
      reason: 'End of life, ticket DC-4301',
      startedAt: now - 2 * minute,
      updatedAt: now - 4000,
      vms: [],
      steps: steps(now),
      state: { kind: 'elsewhere', owner: 'j.meier on osprey-lt' },
    }),
    {
      ...unattended(now),
      id: operationId('11111111-0000-4000-8000-000000000005'),
      nodeName: 'fra2-r05-n02',
      startedAt: now - 30 * minute,
    },
    {
      ...failed(now),
      id: operationId('11111111-0000-4000-8000-000000000006'),
      nodeName: 'fra2-r07-n03',
      startedAt: now - 20 * minute,
    },
    running(now),
  ];
}
