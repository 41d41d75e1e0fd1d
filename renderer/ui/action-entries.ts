import type { NodeCommand } from '#shared/lifecycle/commands.ts';
import type { IconName } from './icon.tsx';
import type { MenuEntry } from './menu.tsx';

/** What a menu shows of an action; `refused`: why it is not available and what would make it so. */
interface ShownAction {
  readonly command: NodeCommand;
  readonly label: string;
  readonly refused: string | undefined;
}

export const actionIcons: Readonly<Partial<Record<NodeCommand, IconName>>> = {
  maintenance: 'power',
  activate: 'play',
  remove: 'close',
  rename: 'pencil',
};

const hints: Readonly<Partial<Record<NodeCommand, string>>> = { rename: 'F2' };

/** What changes the node's place in the cluster, and what only changes what is said of it. */
const isAboutLife = (command: NodeCommand): boolean =>
  ['maintenance', 'activate', 'stop-services', 'remove'].includes(command);

/** The entries of a node's menu: always all of them, always in the same place; one reason for all is said once, above. */
export function actionEntries(
  given: { readonly actions: readonly ShownAction[]; readonly sharedReason: string | null },
  onChoose: (command: NodeCommand) => void,
): readonly MenuEntry[] {
  const { actions, sharedReason } = given;
  const entryOf = ({ command, label, refused }: ShownAction): MenuEntry => ({
    kind: 'item',
    id: command,
    label,
    icon: actionIcons[command] ?? 'gear',
    ...(hints[command] === undefined ? {} : { hint: hints[command] }),
    unavailableBecause: refused,
    isToldAbove: sharedReason !== null,
    onChoose: () => {
      onChoose(command);
    },
  });
  const life = actions.filter(({ command }) => isAboutLife(command)).map(entryOf);
  const rest = actions.filter(({ command }) => !isAboutLife(command)).map(entryOf);
  const reason: readonly MenuEntry[] =
    sharedReason === null ? [] : [{ kind: 'title', id: 'shared-reason', label: sharedReason }];
  return [...reason, ...life, { kind: 'rule', id: 'rule' }, ...rest];
}
