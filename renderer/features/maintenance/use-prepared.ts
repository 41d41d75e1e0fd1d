import { useEffect, useState } from 'react';
import { assertPresent } from '#shared/assert.ts';
import type { PreflightCheck } from '#shared/model/maintenance.ts';
import type { NodeOfRegion } from '../../state/maintenance-actions.ts';
import { createPreparations, passesByItself, type Preparation } from '../../state/preparations.ts';

/** What an action on one node would meet, read for as long as its dialog is open, and again by itself where what holds it up passes. */
export function usePrepared<Answer extends { readonly checks: readonly PreflightCheck[] }>(
  on: NodeOfRegion,
  prepare: (on: NodeOfRegion, signal: AbortSignal) => Promise<Answer>,
): { readonly prepared: Preparation<null, Answer>; readonly again: () => void } {
  const [preparations] = useState(() =>
    createPreparations(
      [on.nodeId],
      () => null,
      (_nodeId, _choices, signal) => prepare(on, signal),
      passesByItself,
    ),
  );
  useEffect(() => preparations.start(), [preparations]);
  const prepared = assertPresent(
    preparations.use((state) => state[on.nodeId]),
    'the node of the dialog is prepared',
  );
  return {
    prepared,
    again: () => {
      preparations.again([on.nodeId]);
    },
  };
}
