/** The 13 statuses of the specification, in attention order: what needs a person first, Active last (`visual.md`, The idea). */
export const nodeStatuses = [
  'failed',
  'fenced',
  'unfencing',
  'entering-maintenance',
  'in-maintenance',
  'activating',
  'starting',
  'approved',
  'candidate',
  'inadequate',
  'rejected',
  'out',
  'active',
] as const;

export type NodeStatus = (typeof nodeStatuses)[number];

/** The specification's words, exactly. */
export const statusLabels: Readonly<Record<NodeStatus, string>> = {
  failed: 'Failed',
  fenced: 'Fenced',
  unfencing: 'Unfencing',
  'entering-maintenance': 'Entering maintenance',
  'in-maintenance': 'In maintenance',
  activating: 'Activating',
  starting: 'Starting',
  approved: 'Approved',
  candidate: 'Candidate',
  inadequate: 'Inadequate',
  rejected: 'Rejected',
  out: 'Out',
  active: 'Active',
};

/** What the Candidate column calls *Yes*, and what the Candidate filter shows. */
export const candidateStatuses: ReadonlySet<NodeStatus> = new Set(['candidate', 'approved', 'inadequate', 'rejected']);

/** The built-in filters, in the order of the specification. */
export const builtInFilters = [
  { id: 'active', label: 'Active', statuses: new Set<NodeStatus>(['active']) },
  { id: 'candidate', label: 'Candidate', statuses: candidateStatuses },
  { id: 'inadequate', label: 'Inadequate', statuses: new Set<NodeStatus>(['inadequate']) },
  { id: 'in-maintenance', label: 'In maintenance', statuses: new Set<NodeStatus>(['in-maintenance']) },
] as const satisfies readonly { id: string; label: string; statuses: ReadonlySet<NodeStatus> }[];

export type BuiltInFilterId = (typeof builtInFilters)[number]['id'];

/** A status as it is shown: never without its reason, since when, and its evidence. */
export interface StatusView {
  readonly status: NodeStatus;
  /** UTC ms since which no quorate partition answers: then `status` is the last known one. `null`: it was read. */
  readonly unknownSince: number | null;
  /** In words, short; empty where there is nothing to say of a healthy node. */
  readonly reason: string;
  /** UTC ms since when this status holds, as far as this laptop knows. */
  readonly since: number;
  /** UTC ms of the read that proved it; `null`: nothing ever did. */
  readonly readAt: number | null;
  /** What the status was concluded from, a line each, in the cluster's own words. */
  readonly evidence: readonly string[];
  /** Worth a look, though the status stands (line 17 of `status.md`). */
  readonly warnings: readonly string[];
}
