import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { assertPresent } from '#shared/assert.ts';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { prepareActivation, startActivation } from '../../state/maintenance-actions.ts';
import { createPreparations, passesByItself } from '../../state/preparations.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatPlural } from '../../ui/format.ts';
import { ActivateNode, missingForActivate, noActivateChoices } from './activate-node.tsx';
import type { ActivateChoices } from './activate-node.tsx';
import { beingStarted, useConfirmation } from './confirmation.ts';
import type { ByNode } from './drafts.ts';
import { AboutRegion, NodeAbout, useNodeNames } from './node-about.tsx';
import { SaidProblem } from './said-problem.tsx';

/** Returns nodes to service. Several are started one after the other; the first that is refused stops the rest. */
export function ActivateDialog(props: {
  readonly regionId: RegionId;
  readonly nodeIds: readonly NodeId[];
  readonly onClose: () => void;
}): ReactElement {
  const { regionId, onClose } = props;
  /** Those that were started are not asked for again, should a later one be refused. */
  const [nodeIds, setNodeIds] = useState(props.nodeIds);
  const [preparations] = useState(() =>
    createPreparations(
      props.nodeIds,
      () => null,
      (nodeId, _choices, signal) => prepareActivation({ regionId, nodeId }, signal),
      passesByItself,
    ),
  );
  useEffect(() => preparations.start(), [preparations]);
  const prepared = preparations.use();
  const nameOf = useNodeNames(regionId, props.nodeIds);
  const [choices, setChoices] = useState<ByNode<ActivateChoices>>({});
  const confirmation = useConfirmation(onClose);
  const nodes = nodeIds.map((nodeId) => ({
    nodeId,
    name: nameOf(nodeId),
    of: assertPresent(prepared[nodeId], 'every node of the dialog is prepared'),
    choices: choices[nodeId] ?? noActivateChoices,
  }));
  const isOne = nodes.length === 1;
  const held = nodes
    .map((node) => ({ ...node, missing: missingForActivate(node.of, node.choices) }))
    .find(({ missing }) => missing !== '');
  const missing = held ? (isOne ? held.missing : `${held.name}: ${held.missing}`) : '';

  const start = async (): Promise<Operation> => {
    let first: Operation | undefined;
    for (const node of nodes) {
      const about = { regionId, nodeId: node.nodeId, digest: node.of.answer?.digest ?? '', ...node.choices };
      const operation = await startActivation({ ...about, operationId: confirmation.idOf(about) });
      first ??= operation;
      setNodeIds((rest) => (rest.length > 1 ? rest.filter((id) => id !== node.nodeId) : rest));
    }
    return assertPresent(first, 'there is always one node');
  };
  const [firstId] = nodeIds;
  return (
    <Dialog
      title={isOne ? 'Activate node' : 'Activate nodes'}
      width="wide"
      about={
        isOne && firstId !== undefined ? (
          <NodeAbout regionId={regionId} nodeId={firstId} />
        ) : (
          <>
            <span>{formatPlural(nodes.length, 'node')}</span>
            <AboutRegion regionId={regionId} />
          </>
        )
      }
      note={
        confirmation.isSending
          ? beingStarted
          : missing === ''
            ? 'After Activate: Active when a fresh read proves it.'
            : missing
      }
      onClose={onClose}
      footer={
        <>
          <Button
            icon="retry"
            onClick={() => {
              preparations.again(nodeIds);
            }}
          >
            Check again
          </Button>
          <Button data-cancel="" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="primary"
            unavailableBecause={confirmation.isSending ? beingStarted : missing === '' ? undefined : missing}
            onClick={() => {
              confirmation.send(start, ({ code }) => {
                // What it was refused for is among the checks, read anew.
                if (code === 'plan-changed' || code === 'preflight-failed') preparations.again(nodeIds);
              });
            }}
          >
            Activate
          </Button>
        </>
      }
    >
      <SaidProblem problem={confirmation.problem} />
      {nodes.map((node) => (
        <ActivateNode
          key={node.nodeId}
          regionId={regionId}
          name={node.name}
          hasTitle={!isOne}
          of={node.of}
          choices={node.choices}
          onChoices={(next) => {
            setChoices((all) => ({ ...all, [node.nodeId]: next }));
          }}
        />
      ))}
    </Dialog>
  );
}
