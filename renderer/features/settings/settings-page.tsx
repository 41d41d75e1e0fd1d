import { useEffect } from 'react';
import type { ReactElement } from 'react';
import { readInfo } from '../../state/app-actions.ts';
import { useSettings } from '../../state/settings.ts';
import { AboutApp } from './about-app.tsx';
import { Appearance } from './appearance.tsx';
import { Notices } from './notices.tsx';
import { Pace } from './pace.tsx';
import { TrustedKeys } from './trusted-keys.tsx';
import { Updates } from './updates.tsx';

/** What a person sets once, and what the app says of itself. */
export function SettingsPage(): ReactElement {
  const settings = useSettings((state) => state.settings);
  const info = useSettings((state) => state.info);
  useEffect(() => {
    // The update feed is asked while nobody looks.
    void readInfo();
  }, []);
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
              <Updates settings={settings} update={info.update} />
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
