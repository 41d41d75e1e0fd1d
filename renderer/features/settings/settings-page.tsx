import type { ReactElement } from 'react';
import { useSettings } from '../../state/settings.ts';
import { AboutApp } from './about-app.tsx';
import { Appearance } from './appearance.tsx';
import { Notices } from './notices.tsx';
import { Pace } from './pace.tsx';
import { TrustedKeys } from './trusted-keys.tsx';

/** What a person sets once, and what the app says of itself. */
export function SettingsPage(): ReactElement {
  const settings = useSettings((state) => state.settings);
  const info = useSettings((state) => state.info);
  return (
    <>
      <div className="rk-ph">
        <h1>Settings</h1>
      </div>
      <div className="rk-pg rk-set" role="region" aria-label="Settings" tabIndex={0}>
        {settings && info ? (
          <>
            <div>
              <Appearance settings={settings} />
              <Pace settings={settings} />
            </div>
            <div>
              <AboutApp info={info} />
              <Notices />
              <TrustedKeys />
            </div>
          </>
        ) : (
          <p role="status">Reading the settings</p>
        )}
      </div>
    </>
  );
}
