import { nodeId, operationId, regionId } from '#shared/model/ids.ts';
import type { PlannedVm, PreflightCheck, PreparedMaintenance, TargetMemory } from '#shared/model/maintenance.ts';
import type { Operation, OperationCommand, PlannedCommand } from '#shared/model/operation.ts';

const gib = 2 ** 30;

/** The node of the picture `04-maintenance-blocked`, and that of `05-maintenance-ready`. */
export const blockedNode = 'fra2-r01-n06';
export const readyNode = 'fra2-r01-n08';

export function check(
  code: PreflightCheck['code'],
  title: string,
  figure: string,
  more: Partial<PreflightCheck> = {},
): PreflightCheck {
  return { code, state: 'pass', title, figure, words: '', fix: '', subjects: [], force: 'no', ...more };
}

export const passes: readonly PreflightCheck[] = [
  check('more-than-one-node', 'More than one node', '174 Active'),
  check('service-limit', 'Service limit of the region', '6 of 7 used'),
  check('libvirt-answers', 'libvirt answers, source and 7 targets', '8 of 8'),
  check('quorum-after', 'Quorum without this node', '3 of 3 votes'),
  check('data-pools', 'Data pools healthy', '2 of 2'),
  check('placement-uses-memory', 'Placement strategy uses memory', 'utilization'),
  check('other-operations', 'Lock on this node', 'free'),
];

export const passthrough = check('passthrough-vms', 'GPU passthrough', '1 blocker', {
  state: 'blocker',
  words: 'render-gpu-04 holds GPU 0000:3b:00.0 (A40). A VM with a passthrough device cannot move.',
  fix: 'Shut it down, or wait until it is done.',
  subjects: ['render-gpu-04'],
  force: 'overrides',
});

export const tightMemory = check('memory-on-targets', 'Memory on the remaining nodes', '1 warning', {
  state: 'warning',
  words: 'Enough for every VM, but fra2-r09-n05 would reach 91 % (limit 90 %). The move is allowed.',
  subjects: ['fra2-r09-n05'],
});

interface VmWords extends Partial<PlannedVm> {
  readonly gib?: number | null;
}

export function vm(resource: string, target: string | null, words: VmWords = {}): PlannedVm {
  const { gib: size = 16, ...more } = words;
  return {
    resource,
    domain: resource,
    node: blockedNode,
    memoryBytes: size === null ? null : size * gib,
    effect: 'live-migrate',
    because: '',
    target,
    alternatives: target === null ? [] : ['fra2-r03-n11', 'fra2-r09-n04'].filter((node) => node !== target),
    needsTick: false,
    ...more,
  };
}

/** Percent of 512 GiB. */
export const target = (node: string, before: number, after: number): TargetMemory => ({
  node,
  totalBytes: 512 * gib,
  beforeBytes: before * 5.12 * gib,
  afterBytes: after * 5.12 * gib,
});

const sixVms = [
  vm('web-frontend-01', 'fra2-r02-n03'),
  vm('web-frontend-02', 'fra2-r02-n04'),
  vm('orders-db-primary', 'fra2-r04-n02', { gib: 64 }),
  vm('billing-worker-03', 'fra2-r02-n09', { gib: 24 }),
  vm('mail-relay-1', 'fra2-r01-n10', { gib: 8 }),
  vm('kafka-broker-2', 'fra2-r09-n03', { gib: 48 }),
];

const targets: readonly TargetMemory[] = [
  target('fra2-r01-n10', 72, 75),
  target('fra2-r02-n03', 63, 66),
  target('fra2-r02-n04', 58, 61),
  target('fra2-r04-n02', 41, 51),
  target('fra2-r02-n09', 55, 60),
  target('fra2-r09-n03', 38, 47),
  target('fra2-r09-n04', 46, 52),
  target('fra2-r09-n05', 85, 91),
  target('fra2-r03-n11', 52, 55),
];

export const licenseServer = vm('license-server', 'fra2-r01-n10', {
  gib: 8,
  effect: 'restart-elsewhere',
  because: 'allow-migrate is off, so the cluster stops it here and starts it there.',
  needsTick: true,
});

export const renderGpu = vm('render-gpu-04', null, {
  gib: 96,
  effect: 'cannot-move',
  because: 'No other node has a free A40',
});

export const wouldRun: readonly PlannedCommand[] = [
  {
    step: 'Reserve',
    host: 'fra2-ctl-1',
    command: 'cibadmin --modify --xpath "//crm_config" (lease rackside-lease-fra2-r01-n06)',
  },
  { step: 'Hold off new placements', host: 'fra2-ctl-1', command: 'cibadmin --modify (rackside-hold-fra2-r01-n06)' },
  {
    step: 'Move web-frontend-01',
    host: 'fra2-r01-n06',
    command:
      'systemd-run --unit=rackside-move-web-frontend-01 … virsh migrate --live web-frontend-01 qemu+ssh://fra2-r02-n03/system',
  },
  { step: 'Standby', host: 'fra2-ctl-1', command: 'cibadmin --modify (nvpair standby=on, guarded)' },
];

/** Picture 04: one blocker, one warning, one restart without a tick. */
export function blocked(now: number): PreparedMaintenance {
  return {
    nodeId: nodeId(`member:${blockedNode}`),
    node: blockedNode,
    machineId: '8d1f04c2e7a9',
    preparedAt: now - 7000,
    digest: 'blocked-1',
    checks: [...passes.slice(0, 3), tightMemory, passthrough, ...passes.slice(3)],
    vms: [
      renderGpu,
      licenseServer,
      ...sixVms,
      vm('metrics-tsdb-1', 'fra2-r09-n05', { gib: 32 }),
      vm('build-runner-11', 'fra2-r04-n02'),
    ],
    others: [],
    targets,
    isEmpty: false,
    isReady: false,
    heldUpBy: 'OK becomes available when 1 blocker is resolved and 1 restart is ticked',
    wouldRun,
  };
}

/** Picture 05: everything passes, every VM moves. */
export function ready(now: number, name = readyNode): PreparedMaintenance {
  return {
    ...blocked(now),
    nodeId: nodeId(`member:${name}`),
    node: name,
    machineId: '41c7b9003d52',
    digest: `ready-${name}`,
    checks: [
      check('passthrough-vms', 'GPU passthrough', 'none'),
      check('memory-on-targets', 'Memory on the remaining nodes', 'highest 75 %'),
      ...passes,
    ],
    vms: [
      ...sixVms,
      vm('metrics-tsdb-1', 'fra2-r09-n04', { gib: 32 }),
      vm('build-runner-11', 'fra2-r04-n02'),
      vm('api-gateway-2', 'fra2-r03-n11'),
    ],
    isReady: true,
    heldUpBy: '',
  };
}

/** Only a tick is missing; with it the node is ready. */
export function restarting(now: number, isTicked: boolean): PreparedMaintenance {
  const base = ready(now, blockedNode);
  return {
    ...base,
    digest: isTicked ? 'restarting-ticked' : 'restarting',
    checks: [
      ...base.checks,
      check('vms-that-restart', 'VMs that restart', '1 VM', {
        state: isTicked ? 'pass' : 'blocker',
        words: isTicked ? '' : 'license-server cannot move while it runs: allow-migrate is off. It would restart.',
        fix: isTicked ? '' : 'Tick its row, or set allow-migrate on it.',
        subjects: ['license-server'],
        force: 'overrides',
      }),
    ],
    vms: [licenseServer, ...base.vms],
    isReady: isTicked,
    heldUpBy: isTicked ? '' : 'OK becomes available when 1 restart is ticked',
  };
}

/** The cluster would touch VMs of other nodes, and two things are not known. */
export function doubtful(now: number): PreparedMaintenance {
  const base = blocked(now);
  return {
    ...base,
    digest: 'doubtful',
    checks: [
      check('fencing-works', 'Fencing works', 'not known', {
        state: 'unknown',
        words: 'The fence device ipmi-r01 did not say within 10 s whether it lists fra2-r01-n06.',
        fix: 'Check the device, then check again.',
        subjects: ['ipmi-r01', 'fra2-r01-n06'],
      }),
      check('scheduler-agrees', 'The cluster’s own scheduler agrees', '1 warning', {
        state: 'warning',
        words: 'It would also stop batch-07 on fra2-r09-n05, to make room.',
        fix: 'Choose another target for metrics-tsdb-1.',
        subjects: ['batch-07'],
      }),
      ...passes,
    ],
    vms: [
      ...sixVms,
      vm('metrics-tsdb-1', 'fra2-r09-n05', { gib: 32 }),
      vm('a-virtual-machine-whose-name-somebody-made-as-long-as-a-name-can-be.prod.eu', 'fra2-r04-n02', { gib: null }),
    ],
    others: [
      vm('batch-07', null, {
        node: 'fra2-r09-n05',
        effect: 'stop',
        gib: 24,
        because: 'No node has room for it any more',
        needsTick: true,
      }),
    ],
    targets: targets.map((one) => (one.node === 'fra2-r04-n02' ? { ...one, totalBytes: null } : one)),
    heldUpBy: 'OK becomes available when what is not known is known, and 1 stop is ticked',
  };
}

/** A fenced node: it is off, so nothing has to be moved. */
export function off(now: number, name: string): PreparedMaintenance {
  return {
    ...ready(now, name),
    machineId: null,
    digest: `off-${name}`,
    checks: [passes[0]!, passes[1]!, passes[3]!],
    vms: [],
    targets: [],
    isEmpty: true,
    wouldRun: wouldRun.slice(3),
  };
}

/** What a start answers. */
export function started(
  command: OperationCommand,
  name: string,
  now: number,
  id = '00000000-0000-4000-8000-000000000001',
): Operation {
  return {
    id: operationId(id),
    regionId: regionId('fra2'),
    nodeId: nodeId(`member:${name}`),
    node: name,
    nodeName: name,
    command,
    state: { kind: 'running' },
    owner: 'm.keller on kestrel-lt',
    isOurs: true,
    reason: 'Replace DIMM B3, ticket DC-4417',
    startedAt: now,
    updatedAt: now,
    steps: [],
    vms: [],
    message: command === 'force-maintenance' ? `Node ${name} is being forcefully deactivated.` : '',
    actions: [],
  };
}

/** The targets of a plan, by VM: what its start is held to. */
export const targetsOf = ({ vms }: PreparedMaintenance): Readonly<Record<string, string>> =>
  Object.fromEntries(vms.flatMap(({ resource, target: to }) => (to === null ? [] : [[resource, to]])));
