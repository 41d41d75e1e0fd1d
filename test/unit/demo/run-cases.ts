import { confirmOff, fence } from '../../../electron/core/cluster/writes/fencing.ts';
import { abortMigration } from '../../../electron/core/cluster/writes/moves.ts';
import {
  destroyDomains,
  startLibvirt,
  startServices,
  stopServices,
} from '../../../electron/core/cluster/writes/services.ts';
import { migrateDomain } from '../../../electron/demo/world/domains.ts';
import { stage, stopped, vmOn, type Case } from './cases.ts';
import type { StillDemo } from './still-demo.ts';

const on = (capture: string, node: string, ask: Case['ask'], before?: Case['before']): Case => ({
  capture: `run/${capture}`,
  node,
  ask,
  hasText: true,
  ...(before === undefined ? {} : { before }),
});
const nodeOf = ({ world }: StillDemo, name: string) => {
  const node = world.nodes.get(name);
  if (node === undefined) throw new Error(`there is no ${name}`);
  return node;
};
const libvirtOff = (demo: StillDemo): void => {
  nodeOf(demo, stage.source).libvirt = 'stopped';
};
const migrating = (demo: StillDemo): void => {
  const vm = demo.world.vms.get(vmOn(demo, stage.source));
  if (vm === undefined) throw new Error('it was found');
  migrateDomain(demo.world, vm, nodeOf(demo, stage.source), nodeOf(demo, stage.target), 1, () => undefined);
};

/** Programs that are run as they are. */
export const runCases: readonly Case[] = [
  on('fence-reboot', stage.control, () => fence('demo-c3', 'reboot')),
  on('fence-unknown', stage.control, () => fence('nobody', 'reboot')),
  on(
    'fence-fails',
    stage.control,
    () => fence('demo-c3', 'off'),
    (demo) => {
      nodeOf(demo, 'demo-c3').canBeFenced = false;
    },
  ),
  on('fence-not-connected', stage.control, () => fence('demo-c2', 'reboot'), stopped(stage.control)),
  on('confirm-unknown', stage.control, () => confirmOff('nobody')),
  on('abort-job', stage.source, (demo) => abortMigration(vmOn(demo, stage.source)), migrating),
  on('abort-without-job', stage.source, (demo) => abortMigration(vmOn(demo, stage.source))),
  on('abort-unknown', stage.source, () => abortMigration('nosuch')),
  on('abort-libvirt-off', stage.source, (demo) => abortMigration(vmOn(demo, stage.source)), libvirtOff),
  on('start-libvirt', stage.source, () => startLibvirt()),
  on('start-libvirt-off', stage.source, () => startLibvirt(), libvirtOff),
  on('destroy', stage.source, (demo) => destroyDomains([vmOn(demo, stage.source), 'nosuch'])),
  on('destroy-unknown', stage.source, () => destroyDomains(['nosuch'])),
  on('stop-services-member', 'demo-c3', () => stopServices('member')),
  on('start-services-member', 'demo-c3', () => startServices('member'), stopped('demo-c3')),
  on('stop-services-remote', stage.source, () => stopServices('remote')),
  on('start-services-remote', stage.source, () => startServices('remote'), stopped(stage.source)),
];
