import type { ReactElement } from 'react';
import type { NodeDetail, NodeRow } from '#shared/model/node.ts';
import { Notice } from '../../ui/banner.tsx';
import { formatReason } from '../../ui/format.ts';
import { attentionOf, attentionReadWords } from './attention.ts';
import { NodeOperation } from './node-operation.tsx';

export function NodeAttention(props: {
  readonly row: NodeRow;
  readonly detail: NodeDetail | null;
  readonly now: number;
}): ReactElement {
  const { row, detail, now } = props;
  const found = attentionOf(row, detail, now);
  return (
    <>
      <h2 className="rk-sect">Needs attention {found.length > 0 ? <small>{found.length}</small> : null}</h2>
      {found.length === 0 && row.operation === null ? (
        <p className="rk-dim">Nothing that this laptop knows of.</p>
      ) : (
        <div className="rk-stack">
          <NodeOperation row={row} now={now} />
          {found.map(({ level, title, text }) => (
            <Notice key={`${title} ${text}`} level={level} title={title}>
              {text === '' ? undefined : text}
            </Notice>
          ))}
        </div>
      )}
      <p className="rk-dim">{attentionReadWords(detail, now)}</p>
      {row.status.evidence.length > 0 ? (
        <>
          <h2 className="rk-sect">
            Evidence <small>what the status was concluded from</small>
          </h2>
          <ul className="rk-evidence rk-mono">
            {row.status.evidence.map((line) => (
              <li key={line}>{formatReason(line, now, 'exact')}</li>
            ))}
          </ul>
        </>
      ) : null}
    </>
  );
}
