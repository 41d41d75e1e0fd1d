import {
  candidateRecord,
  descriptionRecord,
  limitsRecord,
  maintenanceRecord,
  nameRecord,
  operationRecord,
  outRecord,
  tagsRecord,
  type WrittenRecord,
} from '../../core/cluster/writes/records.ts';
import { uuidOf } from '../random.ts';
import type { DemoNode } from '../world/node.ts';
import { partOf } from './machines.ts';

/** A record of ours as it stands in the cluster at the start; `node: null`: of the region. */
export interface LaidRecord extends WrittenRecord {
  readonly node: string | null;
}

const colleague = 'yuki on laptop-17';
const minuteMs = 60_000;

/** Names and tags in the scripts of those who work here. */
const named: Readonly<Record<number, readonly [name: string, description: string, tags: readonly string[]]>> = {
  1: ['Zürich-Ost 1', 'Erstes Gerät der Ostreihe', ['Ostreihe', 'größer']],
  2: ['機架七', '資料中心東側', ['機架七', 'öffentlich']],
  11: ['Узел 11', '', ['тест']],
  12: ['GPU Łódź', 'Two accelerators', ['gpu', 'żółty']],
  13: ['GPU Kraków', '', ['gpu']],
  20: ['مركز ٢٠', '', ['rack-b']],
};

/** What earlier shifts have left in the cluster: names, operations nobody drives, candidates, one server that was removed. */
export function layRecords(
  seed: number,
  workers: readonly DemoNode[],
  others: readonly DemoNode[],
  now: number,
): readonly LaidRecord[] {
  const records: LaidRecord[] = [];
  const on = (node: string | null, record: WrittenRecord): void => {
    records.push({ ...record, node });
  };
  on(null, limitsRecord({ maxOutOfService: 7, maxMovesAtOnce: 2 }));
  workers.forEach((worker, index) => {
    const [name, description = '', tags = []] = named[index + 1] ?? [];
    if (name !== undefined) on(worker.name, nameRecord(name));
    if (description !== '') on(worker.name, descriptionRecord(description));
    if (tags.length > 0) on(worker.name, tagsRecord(tags));
    layPart(worker, index + 1);
  });
  others.forEach((server, index) => layOther(server, index));
  return records;

  function layPart({ name }: DemoNode, worker: number): void {
    const begun = (command: 'maintenance' | 'activate', step: string, reason: string): void =>
      on(
        null,
        operationRecord({
          id: uuidOf(seed, 'operation', name),
          node: name,
          command,
          step,
          direction: 'on',
          owner: colleague,
          startedAt: now - 40 * minuteMs,
          reason,
          failure: null,
          choices: {
            stopsServices: false,
            movesOnlyWhatCan: false,
            bringsVmsHome: false,
            isUnreachable: false,
            isStatedOff: false,
          },
          vms: [],
          others: [],
          undo: [],
          units: [],
          fencedAt: 0,
        }),
      );
    const inMaintenance = (reason: string, isStopped: boolean): void => {
      on(name, { name: 'standby', value: 'on' });
      on(name, maintenanceRecord({ by: colleague, reason, at: now - 300 * minuteMs, isStopped, movedVms: [] }));
    };
    switch (partOf(worker)) {
      case 'in-maintenance':
        return inMaintenance('Netzteil 2 tauschen', false);
      case 'starting':
        inMaintenance('memory module replaced', true);
        return begun('activate', 'Start what was stopped', 'memory module replaced');
      case 'activating':
        inMaintenance('firmware', false);
        return begun('activate', 'Look at its health', 'firmware');
      case 'entering':
        return begun('maintenance', 'Move the VMs', 'loud fan');
      case 'plain':
      case 'gpu':
      case 'small':
      case 'pool-failed':
      case 'pool-degraded':
      case 'fenced':
      case 'unfencing':
      case 'other-key':
    }
  }

  function layOther({ name, address, machineId }: DemoNode, index: number): void {
    const candidate = {
      id: name,
      address,
      name,
      machineId,
      step: null,
      inspectedAt: now - 12 * minuteMs,
      unmet: [],
      by: null,
      reason: null,
    };
    switch (index) {
      case 0:
        return on(null, candidateRecord({ ...candidate, state: 'candidate' }));
      case 1:
        return on(null, candidateRecord({ ...candidate, state: 'approved', step: 'waiting to join', by: colleague }));
      case 2:
        return on(
          null,
          candidateRecord({
            ...candidate,
            state: 'candidate',
            unmet: ['64 GiB of memory, 256 GiB are needed', 'one link, two are needed'],
          }),
        );
      case 3:
        return on(null, candidateRecord({ ...candidate, state: 'rejected', by: colleague, reason: 'out of warranty' }));
      default:
        return on(null, outRecord({ machineId, name, address, by: colleague, at: now - 2_000 * minuteMs }));
    }
  }
}
