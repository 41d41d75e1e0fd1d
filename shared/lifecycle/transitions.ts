import type { NodeCommand } from './commands.ts';
import type { GuardRule } from './guards.ts';
import type { NodeStatus } from './statuses.ts';

/** What kind of status it is: whether it stays by itself, what it becomes by itself, or that something is broken. */
export type StatusClass =
  | { readonly kind: 'stable' }
  | { readonly kind: 'transitional'; readonly target: NodeStatus }
  | { readonly kind: 'failed' };

const stable: StatusClass = { kind: 'stable' };
const failed: StatusClass = { kind: 'failed' };
const towards = (target: NodeStatus): StatusClass => ({ kind: 'transitional', target });

export const statusClasses: Readonly<Record<NodeStatus, StatusClass>> = {
  candidate: stable,
  inadequate: stable,
  rejected: stable,
  approved: towards('starting'),
  starting: towards('activating'),
  activating: towards('active'),
  active: stable,
  'entering-maintenance': towards('in-maintenance'),
  'in-maintenance': stable,
  failed,
  fenced: failed,
  unfencing: towards('active'),
  out: stable,
};

/** Statuses of nodes that are members of the cluster; the others were not let in yet, or are gone (docs/status.md, lines 2 to 6). */
export const memberStatuses: ReadonlySet<NodeStatus> = new Set([
  'starting',
  'activating',
  'active',
  'entering-maintenance',
  'in-maintenance',
  'failed',
  'fenced',
  'unfencing',
]);

/** What the cluster does to a status without any command; the lines of docs/status.md decide when. */
export const observedChanges: readonly { readonly from: NodeStatus; readonly to: NodeStatus; readonly when: string }[] =
  [
    { from: 'candidate', to: 'inadequate', when: 'inspected' },
    { from: 'inadequate', to: 'candidate', when: 'inspected' },
    { from: 'active', to: 'failed', when: 'lost or broken' },
    { from: 'failed', to: 'active', when: 'recovers' },
    { from: 'failed', to: 'fenced', when: 'fencing succeeds' },
    { from: 'active', to: 'fenced', when: 'fencing succeeds' },
    { from: 'fenced', to: 'unfencing', when: 'comes back' },
  ];

/** How a person says yes. `timer`: typed name, ticks, and the safety timer of the main process (R10). */
export type Confirmation = 'none' | 'confirm' | 'typed-name' | 'timer';

/** One command of the table: everything that is known of it before a node is looked at. */
export interface Transition {
  /** The specification's word, exactly. */
  readonly label: string;
  /** The statuses it is available from. */
  readonly from: ReadonlySet<NodeStatus>;
  /** The status that follows it; `null`: the status stays; `deleted`: nothing is left of the record. */
  readonly leadsTo: NodeStatus | 'deleted' | null;
  /** Statuses that are what it leads to: a node there is told to be so *already*. */
  readonly already: readonly NodeStatus[];
  /** The rules besides the status, see `guards.ts`. */
  readonly guards: readonly GuardRule[];
  readonly confirmation: Confirmation;
  /** It asks for more before it does anything: its button ends in an ellipsis. */
  readonly opensDialog: boolean;
  /** Where it is offered. Force is reached from the maintenance dialog and from a stuck operation only; `node-menu`: not in the toolbar. */
  readonly place: 'menu' | 'node-menu' | 'maintenance-dialog' | 'detail-page';
  /** Whether it may be asked for several nodes at once. */
  readonly isForMany: boolean;
  /** What it does: to VMs first, then to the node. */
  readonly effect: string;
  /** What to do to get there, where the status is not enough of a hint; follows "Available while it is …". */
  readonly hint: string;
  /** False: not built, so nowhere in the interface. */
  readonly isBuilt: boolean;
}

/** Rules of everything that writes about a node: the region answers, may be written to, and the node is what we take it for (R12). */
const anyWrite: readonly GuardRule[] = ['region-live', 'region-writable', 'status-known', 'node-is-itself'];
const memberWrite: readonly GuardRule[] = [...anyWrite, 'member'];
/** Destructive: off after a mass failure (R14), and never beside another operation (R20). */
const memberAct: readonly GuardRule[] = [...memberWrite, 'no-operation', 'no-mass-failure'];

const inService: ReadonlySet<NodeStatus> = new Set(['active', 'failed', 'fenced']);
const onlyCandidate: ReadonlySet<NodeStatus> = new Set(['candidate']);
const notLetIn: ReadonlySet<NodeStatus> = new Set(['candidate', 'inadequate', 'rejected']);
const common = { hint: '', already: [], opensDialog: true, place: 'menu', isForMany: false, isBuilt: true } as const;
/** Whose pages are not built yet. */
const later = { ...common, isBuilt: false } as const;

/** The table of docs/lifecycle.md, which is printed from it. */
export const transitions: Readonly<Record<NodeCommand, Transition>> = {
  maintenance: {
    ...common,
    label: 'Maintenance',
    from: inService,
    leadsTo: 'entering-maintenance',
    already: ['entering-maintenance', 'in-maintenance'],
    guards: [...memberAct, 'more-than-one-node'],
    confirmation: 'confirm',
    isForMany: true,
    effect: 'Its VMs move to other nodes, one by one, then the node goes out of service.',
  },
  'force-maintenance': {
    ...common,
    label: 'Force Maintenance',
    from: new Set([...inService, 'entering-maintenance']),
    leadsTo: 'entering-maintenance',
    already: ['in-maintenance'],
    guards: [...memberWrite, 'no-other-operation', 'no-mass-failure', 'more-than-one-node'],
    confirmation: 'timer',
    place: 'maintenance-dialog',
    effect: 'VMs that cannot move are stopped, then the node goes out of service. A last resort.',
  },
  activate: {
    ...common,
    label: 'Activate',
    from: new Set(['in-maintenance']),
    leadsTo: 'activating',
    already: ['active', 'activating'],
    // It takes nothing out of service, so a mass failure does not hold it up.
    guards: [...memberWrite, 'no-operation'],
    confirmation: 'confirm',
    isForMany: true,
    effect: 'Its VMs may come home, and the node takes VMs again.',
  },
  'stop-services': {
    ...common,
    label: 'Stop Cluster Services',
    from: new Set(['in-maintenance']),
    leadsTo: null,
    guards: memberAct,
    confirmation: 'confirm',
    place: 'node-menu',
    effect: 'No VM runs on it; its cluster services stop, so that cutting its power fences nobody.',
    hint: 'Put it into maintenance first.',
  },
  remove: {
    ...common,
    label: 'Remove',
    from: new Set(['in-maintenance']),
    leadsTo: 'out',
    already: ['out'],
    guards: [...memberAct, 'more-than-one-node'],
    confirmation: 'typed-name',
    effect: 'No VM runs on it; the node leaves the cluster for good.',
    hint: 'Put it into maintenance first.',
  },
  rename: {
    ...common,
    label: 'Rename',
    from: memberStatuses,
    leadsTo: null,
    guards: memberWrite,
    confirmation: 'none',
    effect: 'Changes the name and the description that are shown; the hostname stays.',
  },
  'edit-tags': {
    ...common,
    label: 'Add tag',
    from: memberStatuses,
    leadsTo: null,
    guards: memberWrite,
    confirmation: 'none',
    place: 'detail-page',
    effect: 'Adds tags to the node and removes them.',
  },
  configure: {
    ...later,
    label: 'Configure',
    from: new Set([...memberStatuses, ...notLetIn, 'approved']),
    leadsTo: null,
    guards: [],
    confirmation: 'none',
    opensDialog: false,
    effect: 'Opens the web installer of the node in a new tab.',
  },
  'create-alarm': {
    ...later,
    label: 'Create Alarm',
    from: memberStatuses,
    leadsTo: null,
    guards: ['member'],
    confirmation: 'none',
    effect: 'Sets up an alarm on a metric of the node.',
  },
  accept: {
    ...later,
    label: 'Accept',
    from: onlyCandidate,
    leadsTo: 'approved',
    already: ['approved'],
    guards: anyWrite,
    confirmation: 'none',
    opensDialog: false,
    effect: 'The candidate proceeds to activation.',
  },
  reject: {
    ...later,
    label: 'Reject',
    from: onlyCandidate,
    leadsTo: 'rejected',
    already: ['rejected'],
    guards: anyWrite,
    confirmation: 'none',
    opensDialog: false,
    effect: 'The candidate is declined; its record stays.',
  },
  join: {
    ...later,
    label: 'Join',
    // An accepted candidate whose join did not come to its end is joined again.
    from: new Set(['candidate', 'approved']),
    leadsTo: 'approved',
    guards: [...anyWrite, 'no-operation', 'no-mass-failure'],
    confirmation: 'confirm',
    effect: 'The candidate becomes a member of the cluster, as Control or Worker.',
  },
  'modify-candidate': {
    ...later,
    label: 'Modify Candidate',
    from: notLetIn,
    leadsTo: null,
    guards: ['region-live', 'region-writable', 'status-known'],
    confirmation: 'none',
    effect: 'Changes its SSH credentials and its converged MAC addresses.',
  },
  'delete-candidate': {
    ...later,
    label: 'Delete Candidate',
    from: notLetIn,
    leadsTo: 'deleted',
    guards: ['region-live', 'region-writable', 'status-known'],
    confirmation: 'confirm',
    effect: 'The record of the candidate is deleted; the server is not touched.',
  },
};
