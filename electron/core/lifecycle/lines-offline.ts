import { momentToken } from '#shared/model/moment.ts';
import { isByPerson } from './fencing.ts';
import { ageWords } from './preflight/words.ts';
import { standbyReason, uncleanReason } from './reasons.ts';
import { foreignResources, hold, isComing, isFirstMoment, runningDomains, status } from './situation.ts';
import type { Line, MemberSituation } from './situation.ts';

/** Lines 7 to 11 of status.md: members that the cluster has lost, or that have not come up. */
export const linesOffline: readonly Line<MemberSituation>[] = [
  {
    line: 7,
    judge: (situation) => {
      if (!situation.node.isUnclean || isFirstMoment(situation)) return undefined;
      return situation.isUncleanSettled ? status('failed', uncleanReason(situation.cluster)) : hold;
    },
  },
  {
    line: 8,
    judge: (situation) => {
      const { node, memory, cluster, isOfflineSettled } = situation;
      if (!isComing(situation) || (node.isOnline && !node.isUnclean)) return undefined;
      const isRecorded = memory.joining?.operation !== null;
      if (memory.joining?.wasOnline === true && !(isRecorded && isOfflineSettled)) {
        // It had come up, and is gone again: not believed in one sample, and then no start any more, unless somebody is at it.
        return isOfflineSettled ? undefined : hold;
      }
      if (!isRecorded && !isFirstMoment(situation) && isOfflineSettled) return undefined;
      const elapsed = ageWords(cluster.readAt - (memory.joining?.since ?? cluster.readAt));
      const step =
        cluster.operation?.step ??
        (cluster.connection === null ? 'cluster services starting' : 'connection resource starting');
      return status('starting', `${step}, ${elapsed}`);
    },
  },
  {
    line: 9,
    judge: (situation) => {
      const { node, cluster, memory, host, now, isOfflineSettled } = situation;
      if (node.isOnline || !node.isStandby) return undefined;
      const maintenance = cluster.record?.maintenance ?? null;
      const isStopped = maintenance?.isStopped === true || cluster.operation?.command === 'remove';
      // A maintenance of a node that was off already is recorded once it is in standby.
      const isInStandby = memory.fenced?.whileStandby === true || maintenance !== null;
      const wasFenced = isFencedNow(situation) && isInStandby;
      if (!isStopped && !wasFenced) return undefined;
      if (!isOfflineSettled && !wasFenced) return hold;
      // R1: services can be stopped while VMs run on. What libvirt said before a fencing is not true after it.
      const since = wasFenced ? (memory.fenced?.seenAt ?? 0) : 0;
      const domains = runningDomains(host, now, since);
      if (domains.kind === 'read' && domains.names.length > 0) return undefined;
      if (foreignResources(cluster).length > 0) return undefined;
      const isReachable = host.reachability.kind === 'reachable' && host.reachability.at >= since;
      const stopped = isReachable ? 'services stopped' : 'services stopped, not reachable from this laptop';
      const isStated = memory.fenced !== null && isByPerson(memory.fenced.by);
      const off = isStated ? 'said to be off by a person' : 'fenced';
      const fenced = memory.fenced?.whileStandby === true ? `${off} while in standby` : `${off}, then put in standby`;
      const how = isStopped ? stopped : fenced;
      if (isReachable && domains.kind === 'unknown') {
        // It is on, so the cluster's word is not enough: what libvirt last said may be a moment old, but has to come (R1).
        if (host.domains.kind === 'known') return hold;
        return status(
          'entering-maintenance',
          `${how}; libvirt has not confirmed that nothing runs: ${domains.because}`,
        );
      }
      return status('in-maintenance', `${how}; ${standbyReason(cluster, node)}`);
    },
  },
  {
    line: 10,
    judge: (situation) => {
      const { node, memory, cluster } = situation;
      if (node.isOnline || memory.fenced === null || !isFencedNow(situation)) return undefined;
      const { at, by, client } = memory.fenced;
      if (isByPerson(memory.fenced.by))
        return status('fenced', `said to be off by a person at ${momentToken(at)}: no device has fenced it`);
      const who = client.startsWith('pacemaker-controld') ? 'by the cluster itself' : `asked for by ${client}`;
      const device = cluster.fenceDevice === null ? '' : ` by ${cluster.fenceDevice}`;
      return status('fenced', `fenced at ${momentToken(at)}${device} through ${by}, ${who}`);
    },
  },
  {
    line: 11,
    judge: (situation) => {
      const { node, cluster, isOfflineSettled, host, now } = situation;
      if (node.isOnline) return undefined;
      if (!isOfflineSettled && !isFencedNow(situation)) return hold;
      const domains = runningDomains(host, now);
      const running = domains.kind === 'read' ? domains.names.length : 0;
      const still = running > 0 ? `; libvirt still runs ${running}` : '';
      if (cluster.connection !== null && cluster.connection.nodes.length === 0)
        return status('failed', `its connection resource is stopped${still}`);
      return status('failed', `cluster services stopped${still}`);
    },
  },
];

/** A successful fencing is the last thing that happened to it: proof enough, without a second sample. */
function isFencedNow({ memory }: MemberSituation): boolean {
  return memory.fenced !== null && !memory.fenced.cameBack;
}
