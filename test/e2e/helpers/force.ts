import { nodeId } from '#shared/model/ids.ts';
import type { ArmedForce } from '#shared/model/maintenance.ts';
import { blockedNode, wouldRun } from './maintenance.ts';

/** Picture 06. */
export function armed(timerMs: number, more: Partial<ArmedForce> = {}): ArmedForce {
  return {
    nodeId: nodeId(`member:${blockedNode}`),
    node: blockedNode,
    nodeName: blockedNode,
    token: 'token-1',
    timerMs,
    sequence: 'reachable',
    overrides: [
      {
        id: 'stop render-gpu-04',
        title: 'Stop render-gpu-04',
        words: 'GPU passthrough: it cannot move. Its memory state is lost; GPU 0000:3b:00.0 is released.',
        statement: null,
        isTold: false,
      },
      {
        id: 'restart license-server',
        title: 'Stop license-server, start it elsewhere',
        words: 'Its restart was not ticked in the plan. About 40 s without service.',
        statement: null,
        isTold: false,
      },
      {
        id: 'stuck',
        title: 'Moves that are stuck are not waited for',
        words: 'After 120 s a VM that is still moving is stopped here and started on its target.',
        statement: null,
        isTold: true,
      },
    ],
    neverOverridden: [
      'A node that is unreachable and not fenced, or a degraded data pool. Neither applies now; each would need its own typed statement.',
    ],
    refused: null,
    wouldRun,
    ...more,
  };
}

/** It does not answer, and a pool is degraded: each needs its own typed statement. */
export const armedUnreachable = (timerMs: number): ArmedForce =>
  armed(timerMs, {
    sequence: 'unreachable',
    overrides: [
      {
        id: 'unreachable',
        title: 'It does not answer, and nothing proves that it is off',
        words: 'Should it still run, its VMs run twice and write over each other.',
        statement: 'fra2-r01-n06 is powered off',
        isTold: false,
      },
      {
        id: 'pool data-2',
        title: 'Data pool data-2 is degraded',
        words: 'The only good copy of some data may be on this node.',
        statement: 'data-2 may be lost',
        isTold: false,
      },
    ],
    neverOverridden: ['The region’s quorum: without it nothing is written.'],
  });
