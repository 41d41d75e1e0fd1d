import type { NodeRow } from '#shared/model/node.ts';
import { days, told } from './frankfurt-told.ts';
import { random, row } from './rows.ts';
import type { RowWords } from './rows.ts';

/** The picture's last rows: nothing is to be said of them. */
const quiet: readonly RowWords[] = [
  {
    name: 'fra2-ctl-1',
    address: '10.42.0.11',
    role: 'control',
    isDc: true,
    cpu: 21,
    vcpus: 32,
    memoryGib: 256,
    vmTotalGib: null,
    rx: 0.62,
    tx: 0.58,
    storageTb: 7.6,
    uptimeSeconds: days(203, 4),
    tags: ['control'],
  },
  {
    name: 'fra2-ctl-2',
    address: '10.42.0.12',
    role: 'control',
    cpu: 18,
    vcpus: 32,
    memoryGib: 256,
    vmTotalGib: null,
    rx: 0.55,
    tx: 0.61,
    storageTb: 7.6,
    uptimeSeconds: days(203, 4),
    tags: ['control'],
  },
  {
    name: 'fra2-ctl-3',
    address: '10.42.0.13',
    role: 'control',
    cpu: 19,
    vcpus: 32,
    memoryGib: 256,
    vmTotalGib: null,
    rx: 0.57,
    tx: 0.6,
    storageTb: 7.6,
    uptimeSeconds: days(97, 11),
    tags: ['control'],
  },
  {
    name: 'fra2-r01-n03',
    address: '10.42.1.3',
    cpu: 64,
    memoryUsed: 86,
    vmAvailableGib: 62,
    rx: 3.21,
    tx: 2.87,
    tags: ['gen3', 'nvme'],
  },
  {
    name: 'fra2-r01-n04',
    address: '10.42.1.4',
    cpu: 71,
    memoryUsed: 90,
    vmAvailableGib: 38,
    rx: 4.02,
    tx: 3.55,
    tags: ['gen3', 'nvme'],
  },
  {
    name: 'fra2-r01-n05',
    address: '10.42.1.5',
    cpu: 93,
    memoryUsed: 87,
    vmAvailableGib: 4,
    rx: 6.77,
    tx: 5.9,
    tags: ['gen3', 'nvme'],
    description: 'Tenant worker, row B, left aisle',
  },
  {
    name: 'fra2-r01-n06',
    address: '10.42.1.6',
    cpu: 48,
    memoryUsed: 73,
    vmAvailableGib: 118,
    rx: 2.36,
    tx: 2.2,
    tags: ['gen3', 'gpu-a40'],
  },
  {
    name: 'fra2-r01-n07',
    address: '10.42.1.7',
    cpu: 57,
    memoryUsed: 76,
    vmAvailableGib: 96,
    rx: 2.98,
    tx: 2.61,
    tags: ['gen3', 'gpu-a40'],
  },
  {
    name: 'fra2-r01-n08',
    address: '10.42.1.8',
    cpu: 35,
    memoryUsed: 61,
    vmAvailableGib: 171,
    rx: 1.74,
    tx: 1.52,
    uptimeSeconds: days(12, 1),
    tags: ['gen3', 'nvme'],
  },
  {
    name: 'fra2-r01-n09',
    address: '10.42.1.9',
    cpu: 52,
    memoryUsed: 78,
    vmAvailableGib: 88,
    rx: 2.41,
    tx: 2.33,
    tags: ['gen3', 'nvme'],
  },
  {
    name: 'fra2-r01-n10',
    address: '10.42.1.10',
    cpu: 44,
    memoryUsed: 71,
    vmAvailableGib: 124,
    rx: 2.05,
    tx: 1.98,
    tags: ['gen3', 'nvme'],
  },
];

/** The region of the pictures: 189 nodes, of which 171 are Active. */
export function frankfurtNodes(now: number, count = 189): readonly NodeRow[] {
  const next = random(11);
  const rest = Array.from({ length: Math.max(0, count - told.length - quiet.length) }, (_, index): RowWords => {
    const rack = 9 + Math.floor(index / 12);
    const unit = 1 + (index % 12);
    const two = (part: number): string => String(part).padStart(2, '0');
    const vmAvailableGib = Math.round(40 + next() * 200);
    return {
      name: `fra2-r${two(rack)}-n${two(unit)}`,
      address: `10.42.${String(rack)}.${String(unit)}`,
      cpu: Math.round(20 + next() * 60),
      memoryUsed: 100 - (vmAvailableGib / 448) * 80,
      vmAvailableGib,
      rx: Math.round(next() * 500) / 100,
      tx: Math.round(next() * 500) / 100,
      tags: index % 3 === 0 ? ['gen3', 'gpu-a40'] : ['gen3', 'nvme'],
      uptimeSeconds: days(Math.round(next() * 200), Math.round(next() * 23)),
      serial: `7KX${String(1000 + index)}`,
      mac: `b4:96:91:00:${two(rack)}:${two(unit)}`,
    };
  });
  return [...told, ...quiet, ...rest].slice(0, count).map((words) => row(words, now));
}

/** Names and reasons that a careless table breaks on. */
export function awkwardNodes(now: number): readonly NodeRow[] {
  return [
    row(
      {
        name: 'Überspannungs-Prüfstand-№7',
        address: '10.42.30.1',
        status: 'failed',
        reason:
          'fencing failed 4 times: ipmi-fra2-r30: “Unable to establish IPMI v2 / RMCP+ session” after 20 s, then the switch refused the port',
      },
      now,
    ),
    row(
      {
        name: '服务器-東京-機架三',
        address: '10.42.30.2',
        reason: 'put in standby outside Rackside',
        status: 'in-maintenance',
      },
      now,
    ),
    row({ name: 'узел-09', address: '2001:db8:85a3:8d3:1319:8a2e:370:7348' }, now),
    row({ name: 'خادم-١٢', address: '10.42.30.4' }, now),
    row({ name: 'n2', address: null }, now),
    row({ name: 'n10', address: '10.42.30.10', warnings: ['its pool data-2 is degraded: rebuild at 41 %'] }, now),
    row(
      { name: '=cmd|calc', address: '10.42.30.6', tags: ['a', 'b', 'c', 'a-very-long-tag-that-nobody-shortens', '+x'] },
      now,
    ),
  ];
}
