import type { ReactElement } from 'react';
import type { NodeRow } from '#shared/model/node.ts';
import { mapReading, type Reading } from '#shared/model/reading.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatDuration, formatReason, formatTime, sentence } from '../../ui/format.ts';
import { StatusLabel } from '../../ui/status-label.tsx';
import { Fact, Plain } from './fact.tsx';
import type { PartOf } from './overview.tsx';

/** What was shown when the connection began holds while it stands, however long ago that was. */
const whileConnected = <T,>({ reachability }: NodeRow, reading: Reading<T>): Reading<T> =>
  reading.kind === 'known' && reachability.kind === 'reachable' ? { ...reading, intervalMs: Infinity } : reading;

const roles = { control: 'Control', worker: 'Worker' } as const;

/** Who the node is, and where it stands. */
export function NodeFacts(props: {
  readonly row: NodeRow;
  readonly partOf: PartOf;
  readonly now: number;
}): ReactElement {
  const { row, partOf, now } = props;
  const system = partOf((detail) => detail.system);
  const vendorAndModel = mapReading(system, ({ vendor, model }) => [vendor, model].filter(Boolean).join(' '));
  const reason = formatReason(row.status.reason, now);
  const exactReason = formatReason(row.status.reason, now, 'exact');
  return (
    <>
      <h2 className="rk-sect">Node</h2>
      <dl className="rk-dl">
        <Plain label="Name">
          {row.name}
          {row.hostname === row.name ? null : <span className="rk-dim">hostname {row.hostname}</span>}
        </Plain>
        <Plain label="Description">
          {row.description === '' ? <span className="rk-why">None given.</span> : row.description}
        </Plain>
        <Plain label="Status">
          <StatusLabel status={row.status} now={now} reason={`seen so since ${formatTime(row.status.since, now)}`} />
          {reason === '' ? null : (
            <span className="rk-dim" data-tip={exactReason === reason ? undefined : exactReason}>
              {reason}
            </span>
          )}
        </Plain>
        <Fact label="IP" reading={row.address} now={now}>
          {(address) => <Copied text={address} name="IP" />}
        </Fact>
        <Plain label="Node type">
          {roles[row.role]}
          {row.isDc ? <span className="rk-dim">designated controller (DC)</span> : null}
        </Plain>
        <Fact label="Uptime" reading={row.uptimeSeconds} now={now}>
          {formatDuration}
        </Fact>
        <Fact
          label="Host key"
          reading={whileConnected(
            row,
            partOf((detail) => detail.hostKey),
          )}
          now={now}
        >
          {({ type, fingerprint }) => (
            <>
              <span className="rk-dim">{type}</span> <Copied text={fingerprint} name="host key" isMono />
            </>
          )}
        </Fact>
      </dl>
      <h2 className="rk-sect">The machine</h2>
      <dl className="rk-dl">
        <Fact label="Model" reading={vendorAndModel} now={now}>
          {(text) => (text === '' ? <NotTold /> : text)}
        </Fact>
        <Fact label="Serial" reading={system} now={now}>
          {({ serial, serialReason }) =>
            serial === null ? <NotTold because={serialReason} /> : <Copied text={serial} name="serial" isMono />
          }
        </Fact>
        <Fact label="BIOS" reading={mapReading(system, ({ biosVersion }) => biosVersion)} now={now}>
          {(version) => version ?? <NotTold />}
        </Fact>
        <Fact label="Machine-id" reading={row.machineId} now={now}>
          {(id) => <Copied text={id} name="machine-id" isMono />}
        </Fact>
      </dl>
    </>
  );
}

function Copied(props: { readonly text: string; readonly name: string; readonly isMono?: boolean }): ReactElement {
  const { text, name, isMono = false } = props;
  return (
    <span className="rk-copied">
      <span className={isMono ? 'rk-mono' : undefined}>{text}</span>
      <CopyButton text={text} name={name} />
    </span>
  );
}

function NotTold({ because }: { readonly because?: string | null | undefined }): ReactElement {
  return (
    <span className="rk-why">
      {because === undefined || because === null
        ? 'The firmware does not tell.'
        : sentence(`Not known, because ${because}`)}
    </span>
  );
}
