import { useEffect } from 'react';
import type { ReactElement } from 'react';
import type { NodeId } from '#shared/model/ids.ts';
import { followDetail, refreshDetail, useDetail } from '../../state/detail.ts';
import { nodeHref, useNodes } from '../../state/nodes.ts';
import { useRegions } from '../../state/regions.ts';
import { useSettings } from '../../state/settings.ts';
import { useView } from '../../state/view.ts';
import { Button } from '../../ui/button.tsx';
import { isPlainKey } from '../../ui/keyboard.ts';
import { ProblemView } from '../../ui/problem-view.tsx';
import { NodeFoot } from './node-foot.tsx';
import { NodeHeader } from './node-header.tsx';
import { Overview } from './overview.tsx';

/** One node: header, tabs (Overview is the only one that is built), and what is known of it. */
export function NodeDetailPage({ nodeId }: { readonly nodeId: NodeId }): ReactElement {
  const regionId = useRegions((state) => state.currentId);
  const row = useNodes((state) => state.rows.get(nodeId));
  const isReady = useNodes((state) => state.phase.kind === 'ready');
  const detail = useDetail((state) => (state.nodeId === nodeId ? state.detail : null));
  const problem = useDetail((state) => (state.nodeId === nodeId ? state.problem : null));
  const isKnown = row !== undefined;
  useEffect(() => {
    if (regionId === null || !isKnown) return undefined;
    return followDetail(regionId, nodeId);
  }, [regionId, nodeId, isKnown]);
  useEffect(() => {
    // The list is found again at this row, however the way led here.
    if (isKnown && useView.getState().activeId !== nodeId) useView.setState({ activeId: nodeId, isActiveMoved: true });
  }, [nodeId, isKnown]);
  useNeighbourKeys();
  useWayBack();

  if (!row) {
    return (
      <div className="rk-mid" aria-busy={!isReady}>
        {isReady ? (
          <>
            <h1 className="rk-mid__title">This node is not in the region any more, or never was</h1>
            <a href="#/nodes">Back to the nodes</a>
          </>
        ) : (
          <h1 className="rk-mid__title">Reading the region</h1>
        )}
      </div>
    );
  }
  return (
    <>
      <NodeHeader row={row} />
      <div className="rk-tabs" role="tablist" aria-label="About this node">
        <button type="button" role="tab" id="tab-overview" aria-selected="true" aria-controls="panel-overview">
          Overview
        </button>
      </div>
      {problem ? (
        <div className="rk-detail-problem">
          <ProblemView
            title={`${row.name}: its details were not read`}
            problem={problem}
            actions={
              <Button icon="retry" onClick={() => void refreshDetail(nodeId)}>
                Read again
              </Button>
            }
          />
        </div>
      ) : null}
      <Overview row={row} detail={detail} />
      <NodeFoot row={row} detail={detail} />
    </>
  );
}

/** `[` and `]`: the node before and after, in the order of the list that was left. The address tells which node is shown: a second key may come before the page follows the first. */
function useNeighbourKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const step = event.key === '[' ? -1 : event.key === ']' ? 1 : 0;
      const isOn = useSettings.getState().settings?.singleKeyShortcuts ?? true;
      if (step === 0 || !isOn || !isPlainKey(event)) return;
      const { shownIds } = useView.getState();
      const shown = shownIds.findIndex((id) => nodeHref(id) === location.hash);
      const next = shown === -1 ? undefined : shownIds[shown + step];
      if (next === undefined) return;
      event.preventDefault();
      location.hash = nodeHref(next);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
    };
  }, []);
}

/** Escape leads back to the list. What lies above the page (menus, dialogs, what a button shows beneath itself, a tip) takes it first, so it is looked at before them. */
function useWayBack(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !isPlainKey(event) || document.querySelector('#rk-tip, .rk-pop')) return;
      event.preventDefault();
      location.hash = '#/nodes';
    };
    window.addEventListener('keydown', onKey, true);
    return () => {
      window.removeEventListener('keydown', onKey, true);
    };
  }, []);
}
