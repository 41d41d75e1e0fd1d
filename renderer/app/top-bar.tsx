import type { ReactElement } from 'react';
import type { Settings } from '#shared/contract/app.ts';
import { exploreDemo } from '../state/demo-actions.ts';
import { openDialog } from '../state/dialogs.ts';
import { useNodes } from '../state/nodes.ts';
import { currentProfile, currentView, useRegions } from '../state/regions.ts';
import { problemFrom, showRegion } from '../state/session.ts';
import { useSettings } from '../state/settings.ts';
import { chooseTheme, useTheme } from '../state/theme.ts';
import { formatPlural } from '../ui/format.ts';
import { BrandMark, Icon } from '../ui/icon.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import type { MenuEntry } from '../ui/menu.tsx';
import { RegionBar } from '../ui/region-bar.tsx';
import { RegionName } from '../ui/region-name.tsx';
import { DemoButton } from './demo-button.tsx';
import { Freshness } from './freshness.tsx';
import { HeadroomButton } from './headroom.tsx';
import { railPages } from './pages.tsx';

/** Answers for the whole window: which region is this, and is it live or old. */
export function TopBar(): ReactElement {
  return (
    <header className="rk-top">
      <div className="rk-brand">
        <BrandMark /> Rackside
      </div>
      <RegionSwitcher />
      <DemoButton />
      <Freshness />
      <HeadroomButton />
      <Questions />
      <span className="rk-flex" />
      <PaletteButton />
      <ThemeSwitch />
    </header>
  );
}

/** What waits for a person; it leads there, and nothing opens by itself. */
function Questions(): ReactElement | null {
  const view = useRegions(currentView);
  if (!view || view.questions.length === 0) return null;
  return (
    <button
      type="button"
      className="rk-ask"
      onClick={() => {
        openDialog({ kind: 'region-questions', regionId: view.id });
      }}
    >
      <Icon name="key" /> {formatPlural(view.questions.length, 'question')}
    </button>
  );
}

function RegionSwitcher(): ReactElement | null {
  const profiles = useRegions((state) => state.profiles);
  const current = useRegions(currentProfile);
  const count = useNodes((state) => state.rows.size);
  if (!profiles || !current) return null;
  const hasRegionsPage = railPages.some(({ page }) => page === 'regions');
  const entries = (): readonly MenuEntry[] => [
    ...profiles.map((profile): MenuEntry => ({
      kind: 'item',
      id: profile.id,
      label: <RegionName region={profile} />,
      choice: { kind: 'radio', isChosen: profile.id === current.id },
      onChoose: () => {
        location.hash = '#/nodes';
        void showRegion(profile.id);
      },
    })),
    { kind: 'rule', id: 'add-rule' },
    ...(profiles.some(({ demoLabel }) => demoLabel !== null)
      ? []
      : ([
          {
            kind: 'item',
            id: 'demo',
            label: 'Explore the demo region',
            onChoose: () => {
              exploreDemo().catch((error: unknown) => {
                openDialog({ kind: 'problem', title: 'The demo region was not added', problem: problemFrom(error) });
              });
            },
          },
        ] satisfies MenuEntry[])),
    {
      kind: 'item',
      id: 'add',
      label: 'Add region…',
      onChoose: () => {
        openDialog({ kind: 'region-form', regionId: null });
      },
    },
    ...(hasRegionsPage
      ? ([
          {
            kind: 'item',
            id: 'manage',
            label: 'Manage regions…',
            onChoose: () => {
              location.hash = '#/regions';
            },
          },
        ] satisfies MenuEntry[])
      : []),
  ];
  return (
    <MenuButton className="rk-region" label="Region" entries={entries} tip={formatPlural(count, 'node')}>
      <span className="rk-sr">Region </span>
      <RegionBar colour={current.colour} />
      <span>{current.name}</span>
      <small>{formatPlural(count, 'node')}</small>
    </MenuButton>
  );
}

function PaletteButton(): ReactElement {
  return (
    <button
      type="button"
      className="rk-pal"
      data-tip="Go to node, run action"
      onClick={() => {
        openDialog({ kind: 'palette' });
      }}
    >
      <Icon name="search" size={13} />
      <span>Go to node, run action</span>
      <kbd>{isMac ? '⌘ K' : 'Ctrl K'}</kbd>
    </button>
  );
}

const isMac = navigator.userAgent.includes('Mac');

const themes = [
  { id: 'system', label: 'As the system' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
] as const satisfies readonly { id: Settings['theme']; label: string }[];

function ThemeSwitch(): ReactElement {
  const painted = useTheme();
  const choice = useSettings((state) => state.settings?.theme ?? 'system');
  const entries = (): readonly MenuEntry[] =>
    themes.map(({ id, label }) => ({
      kind: 'item',
      id,
      label,
      choice: { kind: 'radio', isChosen: choice === id },
      onChoose: () => {
        // A choice that could not be kept is taken back where it is seen.
        chooseTheme(id).catch(() => undefined);
      },
    }));
  return (
    <MenuButton
      className="rk-ib"
      label="Theme"
      hasWords={false}
      tip="Theme"
      align="end"
      hasCaret={false}
      entries={entries}
    >
      <Icon name={painted === 'dark' ? 'moon' : 'sun'} size={16} />
    </MenuButton>
  );
}
