import { useRef, useState } from 'react';
import type { ReactElement } from 'react';
import type { NodeRow } from '#shared/model/node.ts';
import { useRefusal } from '../../state/node-actions.ts';
import { Icon } from '../../ui/icon.tsx';
import { TagField } from './tag-field.tsx';
import type { TagChanges } from './use-tag-changes.ts';

/** The node's tags, each with its remove action, and Add tag. What is shown as a tag was read; what is under way is dashed. */
export function NodeTags({ row, changes }: { readonly row: NodeRow; readonly changes: TagChanges }): ReactElement {
  const { pending, refused, send, dismiss } = changes;
  const [isOpen, setOpen] = useState(false);
  const unavailable = useRefusal('edit-tags', row);
  const add = useRef<HTMLButtonElement>(null);
  const coming = pending.filter(({ kind, tag }) => kind === 'add' && !row.tags.includes(tag));
  const close = (isByKey: boolean): void => {
    setOpen(false);
    if (isByKey) requestAnimationFrame(() => add.current?.focus());
  };
  const remove = (tag: string): void => {
    send({ kind: 'remove', tag });
    // Its button goes away with it; the focus would fall out of the page.
    add.current?.focus();
  };
  return (
    <span className="rk-nh__tags" role="group" aria-label="Tags">
      {row.tags.map((tag) => {
        const isGoing = pending.some((change) => change.kind === 'remove' && change.tag === tag);
        const why = unavailable ?? (isGoing ? `${tag} is being removed.` : undefined);
        return (
          <span key={tag} className={isGoing ? 'rk-tag rk-tag--going' : 'rk-tag'}>
            {tag}
            <button
              type="button"
              className="rk-tag__remove"
              aria-label={`Remove tag ${tag}`}
              aria-disabled={why !== undefined || undefined}
              data-tip={why ?? `Remove tag ${tag}`}
              onClick={() => {
                if (why === undefined) remove(tag);
              }}
            >
              <Icon name="close" size={10} />
            </button>
          </span>
        );
      })}
      {coming.map(({ tag }) => (
        <span key={`coming ${tag}`} className="rk-tag rk-tag--going" data-tip={`${tag} is being added.`}>
          {tag}
        </span>
      ))}
      <span className="rk-sr" role="status">
        {pending.map(({ kind, tag }) => (kind === 'add' ? `Adding ${tag}.` : `Removing ${tag}.`)).join(' ')}
      </span>
      {isOpen ? (
        <TagField
          own={row.tags}
          initial={refused?.change.kind === 'add' ? refused.change.tag : ''}
          onAdd={(tag) => {
            send({ kind: 'add', tag });
            close(true);
          }}
          onClose={close}
        />
      ) : (
        <button
          ref={add}
          type="button"
          className="rk-tag rk-tag--add"
          aria-disabled={unavailable !== undefined || undefined}
          data-tip={unavailable}
          onClick={() => {
            if (unavailable !== undefined) return;
            if (refused?.change.kind === 'remove') dismiss();
            setOpen(true);
          }}
        >
          <Icon name="plus" size={10} /> Add tag
        </button>
      )}
    </span>
  );
}
