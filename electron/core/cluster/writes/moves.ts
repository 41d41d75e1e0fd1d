import type { Changes } from './configuration.ts';
import { nvpair, regionMark, regionMarkPath } from './configuration.ts';
import { run, sectionsOf, scriptStart } from './shown-command.ts';
import type { RunOutcome, ShownCommand } from './shown-command.ts';
import { section, sectionScript } from '../../ssh/sections.ts';
import { clusterName, element, xpathText } from './xml-text.ts';

/** Score of Pacemaker's INFINITY, as it spells it. */
const infinity = 'INFINITY';

/**
 * Keeps everything but `stays` (top-level ids: groups and clones by theirs) from being placed on the node, without touching what runs there:
 * `!` in front of the pattern means every resource that it does not match. Written before anything moves, dropped after the standby.
 */
export function hold(node: string, stays: readonly string[]): Changes {
  const pattern = `!^(${stays.map((id) => extendedRegex(clusterName(id))).join('|')})$`;
  return {
    constraints: [
      element('rsc_location', {
        id: holdId(node),
        'rsc-pattern': stays.length === 0 ? '!^$' : pattern,
        node: clusterName(node),
        score: `-${infinity}`,
      }),
    ],
  };
}

/** XPath of a hold, below `configuration`. */
export const holdPath = (node: string): string => `constraints/rsc_location[@id=${xpathText(holdId(node))}]`;
const holdId = (node: string): string => `rackside-hold-${clusterName(node)}`;

/** Takes what POSIX's extended regular expressions would read otherwise as it stands. */
function extendedRegex(id: string): string {
  return id.replaceAll(/[.^$*+?()[\]{}|\\]/gu, (character) => `\\${character}`);
}

/** The constraint that binds a VM to where its move has brought it. */
export const pinName = (resource: string): string => `rackside-move-${clusterName(resource)}`;

/** Binds a VM to a node; written again it binds to the other node. It does not hinder a failover: a target that dies is left. */
export function pin(resource: string, node: string): Changes {
  return {
    constraints: [
      element('rsc_location', {
        id: pinName(resource),
        rsc: resource,
        node: clusterName(node),
        score: infinity,
      }),
    ],
  };
}

/** XPath of a pin, below `configuration`; with `node`: only while it binds to this node. */
export function pinPath(resource: string, node?: string): string {
  const isIt = `@id=${xpathText(pinName(resource))}`;
  return `constraints/rsc_location[${isIt}${node === undefined ? '' : ` and @node=${xpathText(clusterName(node))}`}]`;
}

/**
 * Takes a VM out of the cluster's care for a move, until `untilMs` (UTC by the DC's clock: `readClock`) at the latest, and names the one
 * unit that may move it: one transaction, because a VM without either is nobody's. The unit itself writes it, so that no kill leaves a VM
 * without care that no unit gives back (R31). The set comes before the VM's own (`score`), so that an
 * `is-managed` of its own stays as it is. Should the source die, nobody needs to act: the cluster takes it back when the time is over (R31).
 */
export function unmanage(resource: string, untilMs: number, unitValue: string): Changes {
  const id = careId(resource);
  const end = new Date(untilMs).toISOString().replace(/\.\d{3}Z$/u, 'Z');
  const rule = element('rule', { id: `${id}-r`, score: '0' }, [
    element('date_expression', { id: `${id}-d`, operation: 'lt', end }),
  ]);
  const set = element('meta_attributes', { id, score: '100' }, [rule, nvpair(`${id}-v`, 'is-managed', 'false')]);
  return { ...regionMark(unitMark(resource), unitValue), resources: [element('primitive', { id: resource }, [set])] };
}

/** The mark whose value names the move unit of a VM; whoever takes a move over swaps it, and the old unit writes nothing more. */
export const unitMark = (resource: string): string => `rackside-unit-${clusterName(resource)}`;

/** XPath of the mark of a VM's move unit, below `configuration`; with `value`: only while it is that unit's. */
export const unitMarkPath = (resource: string, value?: string): string => regionMarkPath(unitMark(resource), value);

/** XPath of the set that takes a VM out of the cluster's care, below `configuration`. Deleting it hands the VM back unseen: let a unit do it. */
export function carePath(resource: string): string {
  const primitive = `resources//primitive[@id=${xpathText(clusterName(resource))}]`;
  return `${primitive}/meta_attributes[@id=${xpathText(careId(resource))}]`;
}
const careId = (resource: string): string => `rackside-care-${clusterName(resource)}`;

/** XPath of a VM's resource, below `configuration`: required by whatever is merged into it. */
export const vmPath = (resource: string): string => `resources/primitive[@id=${xpathText(clusterName(resource))}]`;

/** UTC ms on the clock of the node that is asked: the DC, whose clock ends the unmanaging. `null`: it did not say. */
export function readClock(): ShownCommand<number | null> {
  return {
    command: { script: clockScript, privilege: 'none' },
    shown: 'date -u +%s',
    deadlineMs: 10_000,
    parse: (output) => {
      const answer = sectionsOf(output);
      const text = answer.kind === 'sections' ? answer.get('run').text.trim() : '';
      return /^\d{9,12}$/u.test(text) ? Number(text) * 1000 : null;
    },
  };
}
const clockScript = sectionScript([scriptStart, section('run', 'date -u +%s')]);

/** Cancels a running migration; on the source. The VM goes on there, the same process; the unit then hands it back. */
export function abortMigration(domain: string): ShownCommand<RunOutcome> {
  return run(['timeout', '20', 'virsh', '-c', 'qemu:///system', 'domjobabort', '--domain', domain], 30_000);
}
