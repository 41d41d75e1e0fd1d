import { useEffect, useState } from 'react';
import type { ReactElement } from 'react';
import { assertPresent } from '#shared/assert.ts';
import type { NodeId, RegionId } from '#shared/model/ids.ts';
import type { Operation } from '#shared/model/operation.ts';
import { prepareActivation, startActivation, startActivationOfMany } from '../../state/maintenance-actions.ts';
import { createPreparations, passesByItself } from '../../state/preparations.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { formatPlural } from '../../ui/format.ts';
import { ActivateNode, missingForActivate, noActivateChoices } from './activate-node.tsx';
import type { ActivateChoices } from './activate-node.tsx';
import { CheckedFoot, heldBy } from './checked-foot.tsx';
import { useConfirmation } from './confirmation.ts';
import type { ByNode } from './drafts.ts';
import { AboutRegion, NodeAbout, useNodeNames } from './node-about.tsx';
import { SaidProblem } from './said-problem.tsx';

/** Returns nodes to service. Several are activated one after the other; the first that fails stops the rest. */
export function ActivateDialog(props: {
  readonly regionId: RegionId;
  readonly nodeIds: readonly NodeId[];
  readonly onClose: () => void;
}): ReactElement {
  const { regionId, nodeIds, onClose } = props;
  const [preparations] = useState(() =>
    createPreparations(
      nodeIds,
      () => null,
      (nodeId, _choices, signal) => prepareActivation({ regionId, nodeId }, signal),
      passesByItself,
    ),
  );
  useEffect(() => preparations.start(), [preparations]);
  const prepared = preparations.use();
  const nameOf = useNodeNames(regionId, nodeIds);
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
    const confirmed = nodes.map(({ nodeId, of, choices: chosen }) => {
      const about = { nodeId, digest: of.answer?.digest ?? '', ...chosen };
      return { ...about, operationId: confirmation.idOf(about) };
    });
    const first = assertPresent(confirmed[0], 'there is always one node');
    if (isOne) return startActivation({ regionId, ...first });
    const [operation] = await startActivationOfMany({ regionId, nodes: confirmed });
    return assertPresent(operation, 'an operation is answered for each node');
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
        heldBy(confirmation, missing) ??
        (isOne
          ? 'After Activate: Active when a fresh read proves it.'
          : 'After Activate: one after the other, in this order; the first that fails stops the rest.')
      }
      onClose={onClose}
      footer={
        <CheckedFoot
          verb="Activate"
          variant="primary"
          confirmation={confirmation}
          missing={missing}
          start={start}
          again={() => {
            preparations.again(nodeIds);
          }}
          onClose={onClose}
        />
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
