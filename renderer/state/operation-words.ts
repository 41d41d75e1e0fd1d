import { commandWords } from '#shared/model/operation.ts';
import type { Operation, OperationCommand, OperationState } from '#shared/model/operation.ts';

/** `Put fra2-r04-n06 into maintenance`. */
export function operationTitle({ command, nodeName }: Pick<Operation, 'command' | 'nodeName'>): string {
  return titles[command](nodeName);
}

const titles: Readonly<Record<OperationCommand, (name: string) => string>> = {
  maintenance: (name) => `Put ${name} into maintenance`,
  'force-maintenance': (name) => `Force ${name} into maintenance`,
  activate: (name) => `Activate ${name}`,
  remove: (name) => `Remove ${name}`,
  join: (name) => `Join ${name}`,
  'shut-down-vm': (name) => `Shut down a VM on ${name}`,
  'stop-services': (name) => `Stop the cluster services of ${name}`,
};

type Ended = Extract<OperationState, { kind: 'ended' }>;

/** How it went, in one word or two. */
export const outcomeWords: Readonly<Record<Ended['outcome'], string>> = {
  succeeded: 'Done',
  partly: 'Done in part',
  cancelled: 'Cancelled',
  'rolled-back': 'Rolled back',
  elsewhere: 'Ended elsewhere',
};

export function stateWord(state: OperationState): string {
  switch (state.kind) {
    case 'queued':
      return 'Waiting';
    case 'running':
      return 'Running';
    case 'cancelling':
      return 'Cancelling';
    case 'rolling-back':
      return 'Rolling back';
    case 'failed':
      return 'Failed';
    case 'unattended':
      return 'Unattended';
    case 'elsewhere':
      return 'Runs elsewhere';
    case 'ended':
      return outcomeWords[state.outcome];
  }
}

/** What an end means for the node, as one sentence; what a read proved at that moment, not what is true now. */
export function endedSentence({ command, nodeName }: Operation, outcome: Ended['outcome']): string {
  if (outcome === 'succeeded') return successes[command](nodeName);
  if (outcome === 'partly')
    return command === 'maintenance'
      ? `What could move has left ${nodeName}; it went back to Active.`
      : `${commandWords[command]} on ${nodeName} was done in part.`;
  if (outcome === 'elsewhere')
    return `${commandWords[command]} on ${nodeName} was brought to its end by another laptop.`;
  const word = outcome === 'cancelled' ? 'cancelled' : 'rolled back';
  return `${commandWords[command]} on ${nodeName} was ${word}.`;
}

const successes: Readonly<Record<OperationCommand, (name: string) => string>> = {
  maintenance: (name) => `${name} went into maintenance.`,
  'force-maintenance': (name) => `${name} went into maintenance by force.`,
  activate: (name) => `${name} became Active.`,
  remove: (name) => `${name} was removed from the cluster.`,
  join: (name) => `${name} joined the cluster.`,
  'shut-down-vm': (name) => `The VM on ${name} was shut down, and stays down.`,
  'stop-services': (name) => `The cluster services of ${name} were stopped.`,
};
