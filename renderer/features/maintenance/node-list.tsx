import type { ReactElement } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { ByNode } from './drafts.ts';
import { missingOf, shortMissing } from './maintenance-words.ts';
import type { PreparedNode } from './maintenance-words.ts';

/** The nodes that are planned together, in the order in which they would be done. One is looked at; each can be left out. */
export function NodeList(props: {
  readonly nodeIds: readonly NodeId[];
  readonly nameOf: (nodeId: NodeId) => string;
  readonly prepared: ByNode<PreparedNode>;
  readonly shownId: NodeId;
  readonly onShow: (nodeId: NodeId) => void;
  readonly onLeaveOut: (nodeId: NodeId) => void;
}): ReactElement {
  const { nodeIds, nameOf, prepared, shownId, onShow, onLeaveOut } = props;
  return (
    <section className="rk-nl">
      <h3 className="rk-sect">
        Nodes <small>one after the other, in this order</small>
      </h3>
      <ol aria-label="Nodes">
        {nodeIds.map((nodeId) => {
          const name = nameOf(nodeId);
          const node = prepared[nodeId];
          const missing = node ? missingOf(node) : '';
          const isHeld = missing !== '' && node?.readingSince === null;
          return (
            <li key={nodeId} className={nodeId === shownId ? 'rk-nl__one rk-nl__one--shown' : 'rk-nl__one'}>
              <button
                type="button"
                className="rk-nl__name"
                aria-current={nodeId === shownId}
                onClick={() => {
                  onShow(nodeId);
                }}
              >
                <span
                  className={
                    missing === ''
                      ? 'rk-nl__state rk-nl__state--ready'
                      : isHeld
                        ? 'rk-nl__state rk-nl__state--held'
                        : 'rk-nl__state'
                  }
                >
                  <Icon name={missing === '' ? 'ok' : isHeld ? 'danger' : 'clock'} size={15} />
                </span>
                <b>{name}</b>
                <small>{node ? shortMissing(node) : ''}</small>
              </button>
              {nodeIds.length > 1 ? (
                <Button
                  variant="plain"
                  icon="close"
                  aria-label={`Leave ${name} out`}
                  title={`Leave ${name} out`}
                  onClick={() => {
                    onLeaveOut(nodeId);
                  }}
                />
              ) : null}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
