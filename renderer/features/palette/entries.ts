import type { NodeCommand } from '#shared/lifecycle/commands.ts';
import type { NodeId, OperationId, RegionId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import type { Settings } from '#shared/contract/app.ts';
import type { DialogRequest } from '../../state/dialogs.ts';
import { hasWords, wordsOf } from '../../state/node-search.ts';
import { compareNaturally, foldText } from '../../ui/natural-order.ts';
import type { IconName } from '../../ui/icon.tsx';

/** What choosing an entry does. None of it changes a node: what could has a dialog of its own, which is opened. */
export type PaletteAct =
  | { readonly kind: 'node'; readonly nodeId: NodeId }
  | { readonly kind: 'command'; readonly command: NodeCommand; readonly nodeId: NodeId }
  | { readonly kind: 'operation'; readonly regionId: RegionId; readonly operationId: OperationId }
  | { readonly kind: 'region'; readonly regionId: RegionId }
  | { readonly kind: 'page'; readonly page: string }
  | { readonly kind: 'theme'; readonly theme: Settings['theme'] }
  | { readonly kind: 'dialog'; readonly request: DialogRequest };

export interface PaletteEntry {
  readonly id: string;
  readonly label: string;
  /** What tells it from another of its kind: a node's address, the node of an action. */
  readonly more: string;
  /** The node whose status stands beside it; `null`: `icon` does. */
  readonly row: NodeRow | null;
  readonly icon: IconName;
  /** Why it cannot be chosen now and what would change that; `undefined`: it can. */
  readonly refused: string | undefined;
  readonly act: PaletteAct;
}

/** Entries of one kind, best first; `found`: how many there are, of which only the first are listed. */
export interface PaletteGroup {
  readonly title: string;
  readonly entries: readonly PaletteEntry[];
  readonly found: number;
}

/** An entry that is found by the words of its label. */
export type PlainEntry = Omit<PaletteEntry, 'row' | 'refused'> & { readonly refused?: string | undefined };

/** Everything that can be gone to or begun from here, as it is now. */
export interface PaletteWorld {
  readonly rows: ReadonlyMap<NodeId, NodeRow>;
  /** What a person looks at: the node of the page, else the selection. An action that names no node is offered for these. */
  readonly subjects: readonly NodeId[];
  readonly commands: readonly { readonly command: NodeCommand; readonly label: string; readonly icon: IconName }[];
  readonly refusal: (command: NodeCommand, row: NodeRow) => string | undefined;
  readonly operations: readonly PlainEntry[];
  readonly regions: readonly PlainEntry[];
  readonly pages: readonly PlainEntry[];
  readonly app: readonly PlainEntry[];
}

const mostNodes = 8;
const mostSubjects = 4;

/**
 * What fits the words that were typed, each of which has to be in an entry. An action is found by its verb, with or without a node beside
 * it: `maint r06`, or `maint` alone for what is looked at. Without words: what is at hand.
 */
export function paletteGroups(query: string, world: PaletteWorld): readonly PaletteGroup[] {
  const words = wordsOf(query);
  const actions = actionsFor(words, world);
  const groups = [
    // Whoever types a verb wants to act; else what is looked at comes first.
    ...(actions.isNamed || words.length === 0 ? [actions.group] : []),
    ...(words.length === 0 ? [] : [nodesFor(words, world)]),
    plain('Operations', words, world.operations),
    plain('Regions', words, world.regions),
    plain('Pages', words, world.pages),
    plain('Rackside', words, world.app),
  ];
  return groups.filter(({ entries }) => entries.length > 0);
}

function nodesFor(words: readonly string[], { rows }: PaletteWorld): PaletteGroup {
  const found = rowsFor(words, rows);
  const entries = found.slice(0, mostNodes).map((row): PaletteEntry => ({
    id: `node ${row.id}`,
    label: row.name,
    more: row.address.kind === 'known' ? row.address.value : '',
    row,
    icon: 'nodes',
    refused: undefined,
    act: { kind: 'node', nodeId: row.id },
  }));
  return { title: 'Nodes', entries, found: found.length };
}

/** Rows with all of the words: those first whose name begins with what was typed, then as a person counts. */
function rowsFor(words: readonly string[], rows: ReadonlyMap<NodeId, NodeRow>): readonly NodeRow[] {
  const begin = words[0] ?? '';
  const rank = ({ name }: NodeRow): number => (name.toLowerCase().startsWith(begin) ? 0 : 1);
  return [...rows.values()]
    .filter((row) => hasWords(row, words))
    .toSorted((a, b) => rank(a) - rank(b) || compareNaturally(foldText(a.name), foldText(b.name)));
}

function actionsFor(
  words: readonly string[],
  world: PaletteWorld,
): { readonly group: PaletteGroup; readonly isNamed: boolean } {
  const named = world.commands.map((command) => ({
    command,
    verbs: words.filter((word) => isVerb(word, command.label)),
  }));
  const chosen = words.length === 0 ? named : named.filter(({ verbs }) => verbs.length > 0);
  const entries = chosen.flatMap(({ command: { command, label, icon }, verbs }) => {
    const rest = words.filter((word) => !verbs.includes(word));
    const subjects =
      rest.length === 0
        ? world.subjects.flatMap((id) => world.rows.get(id) ?? [])
        : rowsFor(rest, world.rows).slice(0, mostSubjects);
    return subjects.map((row): PaletteEntry => ({
      id: `${command} ${row.id}`,
      label,
      more: row.name,
      row: null,
      icon,
      refused: world.refusal(command, row),
      act: { kind: 'command', command, nodeId: row.id },
    }));
  });
  return { group: { title: 'Actions', entries, found: entries.length }, isNamed: chosen.length > 0 };
}

/** Whether nothing but a verb was typed: then an action lacks its node. */
export function isVerbAlone(query: string, { commands }: Pick<PaletteWorld, 'commands'>): boolean {
  const words = wordsOf(query);
  return words.length > 0 && words.every((word) => commands.some(({ label }) => isVerb(word, label)));
}

/** Two letters at least, so that a node's first letter is no verb. */
const isVerb = (word: string, label: string): boolean => word.length >= 2 && label.toLowerCase().startsWith(word);

function plain(title: string, words: readonly string[], all: readonly PlainEntry[]): PaletteGroup {
  const entries = all
    .filter(({ label, more }) => {
      const text = foldText(`${label}\n${more}`).toLowerCase();
      return words.every((word) => text.includes(foldText(word)));
    })
    .map((entry): PaletteEntry => ({ ...entry, row: null, refused: entry.refused }));
  return { title, entries, found: entries.length };
}
