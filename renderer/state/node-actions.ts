import { useCallback, useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { assertNever } from '#shared/assert.ts';
import { nodeCommands } from '#shared/lifecycle/commands.ts';
import type { NodeCommand } from '#shared/lifecycle/commands.ts';
import { nodeContext, regionContext } from '#shared/lifecycle/context.ts';
import type { DecisionContext, RegionContext } from '#shared/lifecycle/context.ts';
import { decide, refusalWords } from '#shared/lifecycle/decide.ts';
import { transitions } from '#shared/lifecycle/transitions.ts';
import type { NodeId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { useClock } from './clock.ts';
import { openDialog } from './dialogs.ts';
import { useNodes } from './nodes.ts';
import { useRegions } from './regions.ts';
import type { RegionsState } from './regions.ts';
import { useSettledRows } from './settled-rows.ts';

/** What the menu of a node offers, in its order; the table says what is built and where it belongs. */
export const menuCommands: readonly NodeCommand[] = nodeCommands.filter(
  (command) => transitions[command].isBuilt && ['menu', 'node-menu'].includes(transitions[command].place),
);

/** The same of the toolbar. */
export const toolbarCommands = menuCommands.filter((command) => transitions[command].place === 'menu');

/** One action as a menu or a toolbar shows it. */
export interface NodeAction {
  readonly command: NodeCommand;
  /** The specification's word; with an ellipsis where more is asked. */
  readonly label: string;
  /** Why it is not available and what would make it so; `undefined`: it is. */
  readonly refused: string | undefined;
}

export interface NodeActions {
  readonly actions: readonly NodeAction[];
  /** The one reason that holds for all of them, to be said once; `null` where there is none. */
  readonly sharedReason: string | null;
}

/** The word on a button or in a menu. */
export const actionLabel = (command: NodeCommand): string =>
  `${transitions[command].label}${transitions[command].opensDialog ? '…' : ''}`;

/** What can be done with one node now. */
export function actionsOf(context: DecisionContext): NodeActions {
  const actions = menuCommands.map((command): NodeAction => {
    const decision = decide(command, context);
    const refused = decision.kind === 'refused' ? refusalWords(decision) : undefined;
    return { command, label: actionLabel(command), refused };
  });
  const [first] = actions;
  const isShared = first?.refused !== undefined && actions.every(({ refused }) => refused === first.refused);
  return { actions, sharedReason: isShared ? first.refused : null };
}

/** Ages in the reasons are told in minutes, so the reasons are made anew this often, ms; what has an end is over early rather than late. */
const anewMs = 10_000;

const nothingKnown = 'Nothing is known of the region yet. Available when the cluster answers.';

/** The region's part of every decision, of what this page knows; `null` before anything is known of the region. */
function contextOf(
  regions: Pick<RegionsState, 'currentId' | 'views' | 'link'>,
  rows: ReadonlyMap<NodeId, NodeRow>,
  now: number,
): RegionContext | null {
  const view = regions.currentId === null ? undefined : regions.views[regions.currentId];
  if (!view) return null;
  const region = regionContext(view, rows.values(), now);
  if (regions.link.kind === 'connected') return region;
  // Without a way to the core nothing of this page reaches the cluster, however the region stood last.
  return { ...region, connection: { kind: 'connecting', since: now, to: '', lastReadAt: null } };
}

/** The same, followed. */
export function useRegionContext(): RegionContext | null {
  const regions = useRegions(useShallow(({ currentId, views, link }) => ({ currentId, views, link })));
  const now = useClock((state) => Math.ceil(state.now / anewMs) * anewMs);
  const settled = useSettledRows();
  return useMemo(() => contextOf(regions, settled.rows, now), [regions, now, settled]);
}

/** What can be done with the node, followed; `null` before anything is known of the region. */
export function useNodeActions(row: NodeRow): NodeActions | null {
  const region = useRegionContext();
  return useMemo(() => (region === null ? null : actionsOf(nodeContext(row, region))), [row, region]);
}

/** Why a command is not available for a node (`undefined`: it is), as the region is now. */
export function useRefusals(): (command: NodeCommand, row: NodeRow) => string | undefined {
  const region = useRegionContext();
  return useCallback(
    (command, row) => {
      if (region === null) return nothingKnown;
      const decision = decide(command, nodeContext(row, region));
      return decision.kind === 'refused' ? refusalWords(decision) : undefined;
    },
    [region],
  );
}

/** The same of one command and node. */
export function useRefusal(command: NodeCommand, row: NodeRow): string | undefined {
  const refusal = useRefusals();
  return useMemo(() => refusal(command, row), [refusal, command, row]);
}

/** Opens the dialog of a command for a node, as a key does; where it is not available, answers why instead. */
export function tryAction(command: NodeCommand, nodeId: NodeId): string | undefined {
  const { rows } = useNodes.getState();
  const row = rows.get(nodeId);
  const region = contextOf(useRegions.getState(), rows, Date.now());
  if (!row || region === null) return nothingKnown;
  const decision = decide(command, nodeContext(row, region));
  if (decision.kind === 'refused') return refusalWords(decision);
  openAction(command, [nodeId]);
  return undefined;
}

/** Opens the dialog of a command; nothing is done by that. Commands of one node take the first. */
export function openAction(command: NodeCommand, nodeIds: readonly NodeId[]): void {
  const [nodeId] = nodeIds;
  if (nodeId === undefined) return;
  switch (command) {
    case 'maintenance':
    case 'activate':
      openDialog({ kind: command, nodeIds });
      break;
    case 'force-maintenance':
    case 'stop-services':
    case 'remove':
    case 'rename':
      openDialog({ kind: command, nodeId });
      break;
    case 'edit-tags':
    case 'configure':
    case 'create-alarm':
    case 'accept':
    case 'reject':
    case 'join':
    case 'modify-candidate':
    case 'delete-candidate':
      // Tags are edited in place on the node's page; the others are not built, and so offered nowhere.
      break;
    default:
      assertNever(command);
  }
}
