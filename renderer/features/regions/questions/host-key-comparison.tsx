import type { ReactElement } from 'react';
import { CopyButton } from '../../../ui/copy-button.tsx';
import type { HostKeyEvidence } from './group.ts';

interface Line {
  readonly who: string;
  readonly type: string;
  readonly fingerprint: string;
  readonly where: string;
}

/** The keys beside each other: what is known and where it stands, what was shown now, what a trusted node sees. */
export function HostKeyComparison({ evidence }: { readonly evidence: HostKeyEvidence }): ReactElement {
  const lines: readonly Line[] = [
    ...evidence.known.map((key, index) => ({
      ...key,
      who: 'Known',
      where: ownStore(evidence.knownFrom[index] ?? '') ? 'Rackside’s own keys' : (evidence.knownFrom[index] ?? ''),
    })),
    { ...evidence.shown, who: 'Shown now', where: `by ${evidence.host}` },
    ...(evidence.trustedView?.keys ?? []).map((key) => ({
      ...key,
      who: 'Seen from inside',
      where: `by ${evidence.trustedView?.via ?? ''}`,
    })),
  ];
  return (
    <>
      <table className="rk-qt">
        <thead>
          <tr>
            <th>Which</th>
            <th>Key</th>
            <th>Fingerprint</th>
            <th>Where</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ who, type, fingerprint, where }) => (
            <tr
              key={`${who} ${type} ${fingerprint} ${where}`}
              className={who === 'Shown now' ? 'rk-qt__now' : undefined}
            >
              <th scope="row">{who}</th>
              <td className="rk-mono">{type}</td>
              <td>
                <span className="rk-copied">
                  <span className="rk-mono">{fingerprint}</span>
                  <CopyButton text={fingerprint} name={`fingerprint, ${who}`} />
                </span>
              </td>
              <td>{where}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="rk-dim rk-copied">
        <span>
          At the machine’s own console: <code>{evidence.consoleCommand}</code>
        </span>
        <CopyButton text={evidence.consoleCommand} name="command" />
      </p>
    </>
  );
}

/** Whether a place names our own store: every other place is `FILE:LINE`. */
export const ownStore = (place: string): boolean => !/:\d+$/u.test(place);
