import type { ReactElement } from 'react';
import { Button } from '../../ui/button.tsx';
import { ProblemView } from '../../ui/problem-view.tsx';
import type { RefusedTag, TagChanges } from './use-tag-changes.ts';

/** A tag that was not added or removed: what was typed is not lost, it can be sent again. */
export function RefusedTagNotice(props: {
  readonly name: string;
  readonly changes: TagChanges;
  readonly refused: RefusedTag;
}): ReactElement {
  const { name, changes, refused } = props;
  const { change, problem } = refused;
  const done = change.kind === 'add' ? 'added to' : 'removed from';
  return (
    <div className="rk-detail-problem">
      <ProblemView
        title={`Tag ${change.tag} was not ${done} ${name}`}
        problem={problem}
        actions={
          <>
            <Button
              icon="retry"
              onClick={() => {
                changes.send(change);
              }}
            >
              Try again
            </Button>
            <Button onClick={changes.dismiss}>Dismiss</Button>
          </>
        }
      />
    </div>
  );
}
