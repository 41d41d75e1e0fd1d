import type { ReactElement } from 'react';
import type { AppInfo } from '#shared/contract/app.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { sentence } from '../../ui/format.ts';

/** Where this laptop keeps what it keeps, and of which version all this is. */
export function AboutApp({ info }: { readonly info: AppInfo }): ReactElement {
  const { secretStorage } = info;
  return (
    <section aria-label="This laptop">
      <h2 className="rk-sect">This laptop</h2>
      <dl className="rk-dl">
        <div>
          <dt>Version</dt>
          <dd>
            {info.version}, {info.shell === 'desktop' ? 'in its own window' : 'in a browser'}
          </dd>
        </div>
        <div>
          <dt>Data folder</dt>
          <dd>
            <code>{info.dataFolder}</code>
            <CopyButton text={info.dataFolder} name="data folder" />
          </dd>
        </div>
        <div>
          <dt>Log file</dt>
          <dd>
            <code>{info.logFile}</code>
            <CopyButton text={info.logFile} name="log file" />
          </dd>
        </div>
        <div>
          <dt>Secrets</dt>
          <dd>
            {secretStorage.kind === 'keychain'
              ? 'Remembered in this laptop’s keychain where you ask for it, else kept for this session only.'
              : `Kept for this session only, never on disk. ${sentence(`${secretStorage.because.slice(0, 1).toUpperCase()}${secretStorage.because.slice(1)}`)}`}
          </dd>
        </div>
      </dl>
    </section>
  );
}
