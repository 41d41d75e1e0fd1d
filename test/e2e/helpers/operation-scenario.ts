import type { Operation, TranscriptEntry } from '#shared/model/operation.ts';
import type { Headroom } from '#shared/model/region.ts';
import type { Scenario } from './bridge.ts';
import { live } from './scenarios.ts';

export const headroom: Headroom = {
  out: 6,
  limit: 7,
  serviceable: 171,
  active: 174,
  words: '1 node can be serviced',
  because: [
    'fra2-r01-n06: render-gpu-04 (96 GiB) holds a GPU and cannot move.',
    'fra2-r03-n04: sap-hana-1 (384 GiB) fits on no other node; fra2-r09-n05 has the most room, 212 GiB.',
  ],
};

const line = (
  sequence: number,
  at: number,
  host: string,
  command: string,
  ms: number | null,
  more: Partial<TranscriptEntry> = {},
): TranscriptEntry => ({
  sequence,
  step: 'move',
  host,
  command,
  startedAt: at,
  endedAt: ms === null ? null : at + ms,
  exitStatus: ms === null ? null : 0,
  stdout: '',
  stderr: '',
  isIntact: true,
  ...more,
});

export const transcript = (now: number): readonly TranscriptEntry[] => [
  line(
    1,
    now - 210_886,
    'fra2-ctl-1',
    'cibadmin --modify --xml-text "<rsc_location id=rackside-hold-fra2-r04-n06 …>"',
    410,
  ),
  line(2, now - 7270, 'fra2-r04-n06', 'virsh domjobinfo kafka-broker-5', 60),
  line(3, now - 7198, 'fra2-r04-n06', 'virsh domjobinfo metrics-tsdb-2', 60, {
    stdout:
      'Data remaining:  3.840 GiB\nMemory bandwidth: 318.400 MiB/s\nDirty rate:      402.100 MiB/s\nIteration:        9\n',
  }),
  line(4, now - 5982, 'fra2-r02-n09', 'virsh domstate billing-worker-09', 50, { stdout: 'running\n' }),
  line(5, now - 5910, 'fra2-ctl-1', 'crm_resource --locate -r billing-worker-09', 190, {
    stdout: 'resource billing-worker-09 is running on: fra2-r02-n09\n',
  }),
  line(6, now - 2400, 'fra2-r09-n04', 'virsh domstate metrics-tsdb-2', 70, {
    exitStatus: 1,
    stderr: "error: failed to get domain 'metrics-tsdb-2'\n",
  }),
  line(7, now - 300, 'fra2-r04-n06', 'virsh domjobinfo kafka-broker-5', null),
];

/** The live region with these operations; the first one's transcript is there, too. */
export function withOperations(now: number, operations: readonly Operation[], more: Partial<Scenario> = {}): Scenario {
  const base = live(now);
  const one = base.snapshots['fra2']!;
  return {
    ...base,
    snapshots: { ...base.snapshots, fra2: { ...one, region: { ...one.region, headroom } } },
    ...more,
    answers: {
      'operations.list': operations,
      'operations.transcript': transcript(now),
      ...more.answers,
    },
  };
}
