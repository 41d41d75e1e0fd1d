import { useEffect } from 'react';
import type { ReactElement } from 'react';
import { useClock } from '../../state/clock.ts';
import { openDialog } from '../../state/dialogs.ts';
import { readTrustedKeys, useTrustedKeys } from '../../state/trust.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatExactTime, formatTime } from '../../ui/format.ts';
import { ProblemView } from '../../ui/problem-view.tsx';

/** The host keys that were trusted in Rackside. What stands in the user's own known_hosts is theirs, and is not listed. */
export function TrustedKeys(): ReactElement {
  const { keys, problem } = useTrustedKeys();
  const now = useClock((state) => state.now);
  useEffect(() => {
    void readTrustedKeys();
  }, []);
  return (
    <section aria-label="Trusted host keys">
      <h2 className="rk-sect">
        Trusted host keys <small>Rackside’s own; your known_hosts files are read as well, and never written</small>
      </h2>
      {problem ? <ProblemView problem={problem} /> : null}
      {keys?.length === 0 ? <p className="rk-dim">None yet. They are shown to you at the first connection.</p> : null}
      {keys && keys.length > 0 ? (
        <table className="rk-qt">
          <thead>
            <tr>
              <th>Host</th>
              <th>Key</th>
              <th>Fingerprint</th>
              <th>Trusted</th>
              <th>
                <span className="rk-sr">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {keys.map(({ host, type, fingerprint, addedAt }) => (
              <tr key={`${host} ${type}`}>
                <th scope="row" className="rk-mono">
                  {host}
                </th>
                <td className="rk-mono">{type}</td>
                <td className="rk-qt__cut" data-tip={fingerprint}>
                  <span className="rk-copied">
                    <span className="rk-mono rk-cut">{fingerprint}</span>
                    <CopyButton text={fingerprint} name={`fingerprint of ${host}`} />
                  </span>
                </td>
                <td data-tip={formatExactTime(addedAt, now)}>{formatTime(addedAt, now)}</td>
                <td className="rk-qt__do">
                  <Button
                    variant="link"
                    aria-label={`Forget the keys of ${host}…`}
                    onClick={() => {
                      openDialog({ kind: 'forget-key', host });
                    }}
                  >
                    Forget…
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}
