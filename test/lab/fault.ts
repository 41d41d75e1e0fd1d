/** What can go wrong with a node, on demand. A fault holds until `restore`; where it is kept, see the notes in the node's folder. */
import { rmSync, writeFileSync } from 'node:fs';
import type { Layout } from './layout.ts';
import { freeze, isOn, note, powerOff, powerOn, thaw } from './power.ts';
import { LabError } from './shell.ts';
import { nodeNames } from './state.ts';
import { setLink, squeeze } from './wire.ts';

export const faultNames = ['kill', 'dead', 'freeze', 'cutnet', 'nofence', 'allowfence', 'slow', 'restore'] as const;
export type FaultName = (typeof faultNames)[number];

/**
 * - `kill`: the power is lost; a fence "on" brings the node back.
 * - `dead`: the power is lost and stays so, "on" is taken and does nothing until restore.
 * - `freeze`: nothing on the node runs any more, its links stay up.
 * - `cutnet`: the carrier is lost on `eth0`, `eth1`, or both when none is named.
 * - `nofence`: the power switch refuses this node, so it stays UNCLEAN.
 * - `allowfence`: the power switch takes orders for it again; nothing else changes.
 * - `slow`: the management link is squeezed to so many kbit/s (default 64).
 * - `restore`: all of that undone, and the node booted if it is off.
 */
export async function fault(layout: Layout, name: string, kind: FaultName, argument?: string): Promise<void> {
  if (!nodeNames(layout).includes(name)) throw new LabError(`Lab ${layout.id} has no node '${name}'.`);
  const mark = (key: string, text = ''): void => writeFileSync(note(layout, name, key), text);
  switch (kind) {
    case 'kill':
      return powerOff(layout, name);
    case 'dead':
      mark('dead');
      return powerOff(layout, name);
    case 'freeze':
      return freeze(layout, name);
    case 'cutnet': {
      const links = argument === undefined ? ([0, 1] as const) : argument === 'eth0' ? ([0] as const) : ([1] as const);
      for (const link of links) {
        mark(`cut-eth${link}`);
        if (isOn(layout, name)) await setLink(layout, name, link, false);
      }
      return undefined;
    }
    case 'nofence':
      return mark('nofence');
    case 'allowfence':
      return rmSync(note(layout, name, 'nofence'), { force: true });
    case 'slow': {
      const rate = Number(argument ?? 64);
      mark('slow', String(rate));
      return squeeze(layout, name, rate);
    }
    case 'restore':
      return restore(layout, name);
    default:
      return kind satisfies never;
  }
}

async function restore(layout: Layout, name: string): Promise<void> {
  for (const key of ['dead', 'nofence', 'cut-eth0', 'cut-eth1', 'slow'])
    rmSync(note(layout, name, key), { force: true });
  thaw(layout, name);
  if (!isOn(layout, name)) return powerOn(layout, name);
  for (const link of [0, 1] as const) await setLink(layout, name, link, true);
  return squeeze(layout, name, undefined);
}
