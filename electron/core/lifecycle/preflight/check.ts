import type { PreflightCheck, PreflightCode } from '#shared/model/maintenance.ts';

/** Which of the checks Force may override (R10). What depends on the case is said where the check is made. */
const forceOf: Readonly<Record<PreflightCode, PreflightCheck['force']>> = {
  'more-than-one-node': 'no',
  'service-limit': 'no',
  'quorum-after': 'no',
  'cluster-settled': 'no',
  'nothing-unmanaged': 'no',
  'passthrough-vms': 'overrides',
  'unmanaged-vms': 'overrides',
  'vms-that-restart': 'overrides',
  'memory-on-targets': 'overrides',
  'scheduler-agrees': 'overrides',
  'libvirt-answers': 'overrides',
  'targets-reach-each-other': 'overrides',
  'data-pools': 'own-statement',
  'incoming-migrations': 'no',
  'other-operations': 'no',
  'fencing-works': 'overrides',
  'placement-uses-memory': 'overrides',
  'node-is-itself': 'no',
  'no-mass-failure': 'no',
  'host-health': 'no',
  'no-fence-loop': 'no',
  'node-is-empty': 'no',
  'powered-off': 'no',
  'services-run': 'no',
};

/** What a check says beside its code and title. */
export interface Finding {
  readonly figure: string;
  readonly words: string;
  readonly fix: string;
  readonly subjects?: readonly string[];
  readonly force?: PreflightCheck['force'];
}

type Answer = (finding: Finding) => PreflightCheck;

/** The answers a check of this code and title can give. `warning` and the rest must name what and why, and what to do. */
export function checkOf(
  code: PreflightCode,
  title: string,
): {
  readonly pass: (figure: string) => PreflightCheck;
  readonly warning: Answer;
  readonly blocker: Answer;
  readonly unknown: Answer;
} {
  const found = (state: PreflightCheck['state'], finding: Finding): PreflightCheck => ({
    code,
    state,
    title,
    figure: finding.figure,
    words: finding.words,
    fix: finding.fix,
    subjects: finding.subjects ?? [],
    force: finding.force ?? forceOf[code],
  });
  return {
    pass: (figure) => found('pass', { figure, words: '', fix: '' }),
    warning: (finding) => found('warning', finding),
    blocker: (finding) => found('blocker', finding),
    unknown: (finding) => found('unknown', finding),
  };
}

const order: Readonly<Record<PreflightCheck['state'], number>> = { blocker: 0, unknown: 1, warning: 2, pass: 3 };

/** Blockers first, then what is not known, warnings, passes; within a state in the order in which they were made. */
export function sortedChecks(checks: readonly PreflightCheck[]): readonly PreflightCheck[] {
  return checks.toSorted((a, b) => order[a.state] - order[b.state]);
}

/** Whether it holds the operation up: *unknown* never passes as safe (R8). */
export function holdsUp({ state }: PreflightCheck): boolean {
  return state === 'blocker' || state === 'unknown';
}
