import { useId, useState } from 'react';
import type { ReactElement } from 'react';
import type { Settings } from '#shared/contract/app.ts';
import type { Problem } from '#shared/problems.ts';
import { switchSettings } from '../../state/app-actions.ts';
import { problemFrom } from '../../state/session.ts';
import { chooseTheme } from '../../state/theme.ts';
import { CheckField } from '../../ui/field.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';

const themes = [
  { id: 'system', label: 'As the system' },
  { id: 'light', label: 'Light' },
  { id: 'dark', label: 'Dark' },
] as const satisfies readonly { id: Settings['theme']; label: string }[];

/** How the app looks, and whether single keys do something. */
export function Appearance({ settings }: { readonly settings: Settings }): ReactElement {
  const name = useId();
  const [problem, setProblem] = useState<Problem | null>(null);
  const keep = (change: Promise<void>): void => {
    setProblem(null);
    change.catch((error: unknown) => {
      setProblem(problemFrom(error));
    });
  };
  return (
    <section className="rk-form" aria-label="Appearance and keyboard">
      <h2 className="rk-sect">Appearance and keyboard</h2>
      {problem ? <ProblemView problem={problem} /> : null}
      <fieldset>
        <legend>Theme</legend>
        <div className="rk-colours">
          {themes.map(({ id, label }) => (
            <label key={id}>
              <input
                type="radio"
                name={name}
                checked={settings.theme === id}
                onChange={() => {
                  keep(chooseTheme(id));
                }}
              />
              {label}
            </label>
          ))}
        </div>
      </fieldset>
      <div>
        <CheckField
          label="Single keys are shortcuts (/ ? [ ] and G then a page’s letter)"
          isChecked={settings.singleKeyShortcuts}
          onChange={(singleKeyShortcuts) => {
            keep(switchSettings({ singleKeyShortcuts }));
          }}
        />
        <p className="rk-f__hint">
          They work only outside of fields. Switched off, Tab, arrows, Enter and Escape still do.
        </p>
      </div>
    </section>
  );
}
