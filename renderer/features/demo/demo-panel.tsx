import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { candidateStatuses } from '#shared/lifecycle/statuses.ts';
import type { DemoFault } from '#shared/model/demo.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { NodeRow } from '#shared/model/node.ts';
import { injectFault, readFaults, resetDemo } from '../../state/demo-actions.ts';
import { useNodes } from '../../state/nodes.ts';
import { problemFrom } from '../../state/session.ts';
import { showTourStep } from '../../state/tour.ts';
import { Button } from '../../ui/button.tsx';
import { catchFocus } from '../../ui/page-focus.ts';
import { Choice } from './choice.tsx';
import { faultWords, nodeFaultVerbs, otherFaults } from './fault-words.ts';
import { VmFault } from './vm-fault.tsx';

type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'sent'; readonly words: string }
  | { readonly kind: 'done'; readonly words: string }
  | { readonly kind: 'failed'; readonly words: string };

/** What can go wrong in the demo region, each a verb, and the way back to its beginning. The page behind it stays in sight and in reach. */
export function DemoPanel(props: {
  readonly regionId: RegionId /** What is behind the label is left for the page. */;
  readonly onLeave: () => void;
}): ReactElement {
  const { regionId, onLeave } = props;
  const rows = useNodes((state) => state.rows);
  const nodes = membersOf(rows.values());
  const { faults, readAgain } = useFaults(regionId);
  const [chosen, setChosen] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const node = nodes.find(({ hostname }) => hostname === chosen) ?? nodes[0];
  const busy = outcome.kind === 'sent' ? 'The last one has not been answered yet.' : undefined;

  const attempt = async (words: string, act: () => Promise<void>): Promise<boolean> => {
    setOutcome({ kind: 'sent', words: `${words}: asked for` });
    try {
      await act();
      setOutcome({ kind: 'done', words: `${words}: done. The app hears of it as it would of a real one.` });
      return true;
    } catch (error) {
      const { message, advice } = problemFrom(error);
      setOutcome({ kind: 'failed', words: `${message} ${advice}` });
      return false;
    }
  };
  const inject = (words: string, fault: DemoFault): void => {
    void attempt(words, () => injectFault(regionId, fault)).then(readAgain);
  };
  const nameOf = (hostname: string): string => nodes.find((one) => one.hostname === hostname)?.name ?? hostname;
  const noNode = node === undefined ? 'No node of the demo region is known yet.' : undefined;
  return (
    <>
      <h2>Nothing here is real</h2>
      <p className="rk-dim">A simulated region, watched and driven as a real one is. Let something go wrong in it:</p>
      <Choice
        label="Node"
        value={node?.hostname ?? ''}
        options={nodes.map(({ hostname, name }) => ({ value: hostname, words: name }))}
        onChoose={setChosen}
      />
      <div className="rk-demo__verbs">
        {nodeFaultVerbs.map(({ kind, verb }) => (
          <Button
            key={kind}
            unavailableBecause={busy ?? noNode}
            onClick={() => {
              if (node) inject(`${verb}, ${node.name}`, { kind, node: node.hostname });
            }}
          >
            {verb}
          </Button>
        ))}
      </div>
      <VmFault regionId={regionId} node={node} busy={busy} onInject={inject} />
      <div className="rk-demo__verbs">
        {otherFaults.map(({ fault, verb }) => (
          <Button
            key={fault.kind}
            unavailableBecause={busy}
            onClick={() => {
              inject(verb, fault);
            }}
          >
            {verb}
          </Button>
        ))}
      </div>
      <p className={outcome.kind === 'failed' ? 'rk-demo__failed' : 'rk-dim'} role="status">
        {outcome.kind === 'none' ? '' : outcome.words}
      </p>
      {faults.length === 0 ? null : (
        <>
          <p className="rk-dim">Asked for since the last heal:</p>
          <ul className="rk-lines" aria-label="Faults since the last heal">
            {faults.map((fault) => (
              <li key={JSON.stringify(fault)}>{faultWords(fault, nameOf)}</li>
            ))}
          </ul>
        </>
      )}
      <div className="rk-demo__foot">
        <Button
          variant="link"
          onClick={() => {
            onLeave();
            showTourStep(0);
          }}
        >
          Take the tour
        </Button>
        <span className="rk-flex" />
        <Button
          icon="retry"
          unavailableBecause={busy}
          onClick={() => {
            void attempt('Reset', resetDemo).then((isDone) => {
              if (!isDone) return;
              onLeave();
              catchFocus();
            });
          }}
        >
          Reset the demo region
        </Button>
      </div>
    </>
  );
}

/** What stands since the last heal, as the core knows it: read when the panel opens, and after each that is asked for here. */
function useFaults(regionId: RegionId): { readonly faults: readonly DemoFault[]; readonly readAgain: () => void } {
  const [faults, setFaults] = useState<readonly DemoFault[]>([]);
  const [reads, setReads] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    void readFaults(regionId, controller.signal).then((found) => {
      if (!controller.signal.aborted) setFaults(found);
    });
    return () => {
      controller.abort();
    };
  }, [regionId, reads]);
  return {
    faults,
    readAgain: () => {
      setReads((before) => before + 1);
    },
  };
}

/** Those in the cluster, by name: a candidate has no part in it yet. */
function membersOf(rows: Iterable<NodeRow>): readonly NodeRow[] {
  return [...rows]
    .filter(({ status: { status } }) => !candidateStatuses.has(status) && status !== 'out')
    .toSorted((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
}
