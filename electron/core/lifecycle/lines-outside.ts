import { momentToken } from '#shared/model/moment.ts';
import { status } from './situation.ts';
import type { Line, Situation } from './situation.ts';

/** Lines 2 to 6 of status.md: servers that are not (yet, or any more) members. */
export const linesOutside: readonly Line<Situation>[] = [
  {
    line: 2,
    judge: ({ cluster: { out } }) => {
      if (out === null) return undefined;
      return status('out', `removed at ${momentToken(out.at)} by ${out.by}`);
    },
  },
  {
    line: 3,
    judge: ({ cluster: { candidate } }) => {
      if (candidate?.state !== 'rejected') return undefined;
      return status(
        'rejected',
        [candidate.by === null ? '' : `by ${candidate.by}`, candidate.reason ?? ''].filter(Boolean).join(': '),
      );
    },
  },
  {
    line: 4,
    judge: ({ cluster: { candidate, member, operation } }) => {
      const step = (operation?.command === 'join' ? operation.step : null) ?? candidate?.step ?? null;
      const isJoining = candidate?.state === 'approved' || operation?.command === 'join';
      if (member !== null)
        return status('approved', step ?? 'in the cluster’s configuration, its services not started yet');
      return isJoining ? status('approved', step ?? 'waiting to join') : undefined;
    },
  },
  {
    line: 5,
    judge: ({ cluster: { candidate } }) => {
      if (candidate === null || candidate.unmet.length === 0) return undefined;
      return status('inadequate', candidate.unmet.join('; '));
    },
  },
  {
    line: 6,
    judge: ({ cluster: { candidate } }) => {
      if (candidate === null) return status('out', 'no longer a member; removed outside Rackside');
      const { inspectedAt } = candidate;
      if (inspectedAt === null) return status('candidate', 'hardware discovery not complete');
      return status('candidate', `inspected at ${momentToken(inspectedAt)}`);
    },
  },
];
