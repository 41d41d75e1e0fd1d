import { useMemo } from 'react';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import { actionLabel, menuCommands, useRefusals } from '../../state/node-actions.ts';
import { operationTitle, stateWord } from '../../state/operation-words.ts';
import { isOpen, useOperations } from '../../state/operations.ts';
import { useRegions } from '../../state/regions.ts';
import { useSettledRows } from '../../state/settled-rows.ts';
import { useView } from '../../state/view.ts';
import { actionIcons } from '../../ui/action-entries.ts';
import type { IconName } from '../../ui/icon.tsx';
import type { PaletteWorld, PlainEntry } from './entries.ts';

/** A page of the rail, as the palette lists it. */
export interface PalettePage {
  readonly page: string;
  readonly label: string;
  readonly icon: IconName;
}

const commands = menuCommands.map((command) => ({
  command,
  label: actionLabel(command),
  icon: actionIcons[command] ?? 'gear',
}));

const themes: readonly PlainEntry[] = [
  { id: 'theme light', label: 'Theme: light', more: '', icon: 'sun', act: { kind: 'theme', theme: 'light' } },
  { id: 'theme dark', label: 'Theme: dark', more: '', icon: 'moon', act: { kind: 'theme', theme: 'dark' } },
  {
    id: 'theme system',
    label: 'Theme: as the system',
    more: '',
    icon: 'screen',
    act: { kind: 'theme', theme: 'system' },
  },
];

/** Everything that the palette offers, as the page knows it now. @param openNode the node whose page is open, `null`: none */
export function usePaletteWorld(pages: readonly PalettePage[], openNode: NodeId | null): PaletteWorld {
  const { rows } = useSettledRows();
  const refusal = useRefusals();
  const selection = useView((state) => state.selection);
  const byId = useOperations((state) => state.byId);
  const profiles = useRegions((state) => state.profiles);
  const currentId = useRegions((state) => state.currentId);
  return useMemo(
    (): PaletteWorld => ({
      rows,
      subjects: openNode === null ? [...selection] : [openNode],
      commands,
      refusal,
      operations: [...byId.values()]
        .filter((one) => one.regionId === currentId && isOpen(one))
        .map((operation) => ({
          id: `operation ${operation.id}`,
          label: operationTitle(operation),
          more: stateWord(operation.state),
          icon: 'operations' as const,
          act: { kind: 'operation' as const, regionId: operation.regionId, operationId: operation.id },
        })),
      regions: (profiles ?? [])
        .filter(({ id }) => id !== currentId)
        .map((profile) => ({
          id: `region ${profile.id}`,
          label: `Show ${profile.name}`,
          more: profile.demoLabel ?? 'region',
          icon: 'globe' as const,
          act: { kind: 'region' as const, regionId: profile.id },
        })),
      pages: pages.map(({ page, label, icon }) => ({
        id: `page ${page}`,
        label,
        more: 'page',
        icon,
        act: { kind: 'page' as const, page },
      })),
      app: [...themes, ...appEntries(currentId)],
    }),
    [rows, refusal, selection, byId, profiles, currentId, pages, openNode],
  );
}

function appEntries(currentId: RegionId | null): readonly PlainEntry[] {
  return [
    {
      id: 'add region',
      label: 'Add region…',
      more: '',
      icon: 'plus',
      act: { kind: 'dialog', request: { kind: 'region-form', regionId: null } },
    },
    ...(currentId === null
      ? []
      : [
          {
            id: 'limits',
            label: 'Limits of the region…',
            more: '',
            icon: 'gear' as const,
            act: { kind: 'dialog' as const, request: { kind: 'region-limits' as const, regionId: currentId } },
          },
        ]),
    {
      id: 'shortcuts',
      label: 'Keyboard shortcuts',
      more: '?',
      icon: 'question',
      act: { kind: 'dialog', request: { kind: 'shortcuts' } },
    },
  ];
}
