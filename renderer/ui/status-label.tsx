import type { ReactElement } from 'react';
import type { NodeStatus, StatusView } from '#shared/lifecycle/statuses.ts';
import { statusLabels } from '#shared/lifecycle/statuses.ts';
import { formatAge, formatExactTime, formatReason } from './format.ts';
import { Icon } from './icon.tsx';
import type { TipContent } from './tip.ts';

export type GlyphName = NodeStatus | 'unknown';

/** The tokens and glyphs have shorter names for two of the statuses. */
const glyphIds: Partial<Record<GlyphName, string>> = {
  'entering-maintenance': 'entering',
  'in-maintenance': 'maintenance',
};

export function StatusGlyph({ name, size = 14 }: { readonly name: GlyphName; readonly size?: number }): ReactElement {
  const id = glyphIds[name] ?? name;
  return (
    <svg className={`rk-g rk-g--${id}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <use href={`#st-${id}`} />
    </svg>
  );
}

export interface StatusLabelProps {
  readonly status: StatusView;
  readonly now: number;
  readonly size?: number;
  /** What to say after the word; default: the status's reason. */
  readonly reason?: string;
  /** Where the reason leads: the operation that it is about. */
  readonly href?: string | undefined;
}

/**
 * A status: shape, word and colour, then its reason in grey. Where no fresh read proves it the question mark stands before the
 * last status and its age, because *unknown* is no status.
 */
export function StatusLabel(props: StatusLabelProps): ReactElement {
  const { status, now, size = 14, reason = status.reason, href } = props;
  const isUnknown = status.unknownSince !== null;
  const warning = isUnknown ? undefined : status.warnings[0];
  // Active has nothing to say for itself; every other status says first why it is so, beside the warning's sign.
  const isWarningSaid = warning !== undefined && (status.status === 'active' || reason === '');
  const said = formatReason(isWarningSaid ? warning : reason, now);
  const isBad = status.status === 'failed' || status.status === 'fenced';
  return (
    <span className={`rk-st${isBad ? ' rk-st--bad' : ''}${isUnknown ? ' rk-st--unknown' : ''}`}>
      {isUnknown ? <StatusGlyph name="unknown" size={size} /> : null}
      <StatusGlyph name={status.status} size={size} />
      <span className="rk-st__word">{statusLabels[status.status]}</span>
      {status.unknownSince === null ? null : (
        <span className="rk-age">{formatAge(now - (status.readAt ?? status.unknownSince))} old</span>
      )}
      {warning === undefined ? null : (
        <span className="rk-st__warn">
          <Icon name="warning" size={12} />
        </span>
      )}
      {said === '' ? null : (
        <small className="rk-st__reason">{href === undefined ? said : <a href={href}>{said}</a>}</small>
      )}
    </span>
  );
}

/** Everything a status has to say of itself: for hover and focus. */
export function statusTip(status: StatusView, now: number): TipContent {
  const read = status.readAt === null ? 'Nothing has proved it yet.' : `Read ${formatExactTime(status.readAt, now)}.`;
  const lines = [
    status.reason,
    ...status.warnings.map((warning) => `Worth a look: ${warning}`),
    `Seen so since ${formatExactTime(status.since, now)}. ${read}`,
    status.unknownSince === null ? '' : `Unknown since ${formatExactTime(status.unknownSince, now)}.`,
    ...status.evidence,
  ];
  const title =
    status.unknownSince === null ? statusLabels[status.status] : `Last known: ${statusLabels[status.status]}`;
  return { title, lines: lines.filter((line) => line !== '').map((line) => formatReason(line, now, 'exact')) };
}
