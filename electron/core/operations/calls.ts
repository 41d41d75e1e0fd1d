import { fail } from '#shared/problems.ts';
import type { JournalRepository } from '../db/journal.ts';
import type { RegionAccess } from '../region/region-access.ts';
import { exportText } from './export.ts';
import { transcriptEntry } from './journal.ts';
import { changeTags, overrideBrake, rename, setLimits, type SmallChanges } from './names-and-tags.ts';
import type { Operations } from './operations.ts';
import type { Gathering } from './prepare/gather.ts';
import type { RegionOperations } from './region-operations.ts';
import { prepareMaintenance, startMaintenance } from './start-maintenance.ts';

/** The contract's calls that act on the nodes of one region. */
export function createOperationCalls(deps: {
  readonly region: RegionAccess;
  readonly operations: RegionOperations;
  readonly journal: JournalRepository;
  readonly now: () => number;
  /** Told what was done, in words for the log. */
  readonly onSmallChange: (words: string) => void;
}): Operations {
  const { region, operations, journal, now } = deps;
  const gathering: Gathering = { region, watch: operations.watch, now, ownOperation: null };
  const small: SmallChanges = { region, now, onDone: deps.onSmallChange };
  const transcript = (id: string) => journal.list(id).map(transcriptEntry);
  return {
    'maintenance.prepare': ({ nodeId, choices }) => prepareMaintenance(gathering, nodeId, choices),
    'maintenance.start': (input) => startMaintenance(operations, gathering, input),
    'maintenance.startMany': notBuilt,
    'force.arm': notBuilt,
    'force.disarm': notBuilt,
    'force.start': notBuilt,
    'activate.prepare': notBuilt,
    'activate.start': notBuilt,
    'removal.prepare': notBuilt,
    'removal.start': notBuilt,
    'vms.shutDown': notBuilt,
    'operations.list': () => Promise.resolve(operations.list()),
    'operations.get': async ({ operationId }) => operations.get(operationId),
    'operations.transcript': async ({ operationId, after }) =>
      transcript(operationId).filter(({ sequence }) => sequence > after),
    'operations.export': async ({ operationId }) => {
      const operation = operations.get(operationId);
      const day = new Date(operation.startedAt).toISOString().slice(0, 10);
      return {
        fileName: `rackside-${operation.command}-${operation.node}-${day}.txt`,
        text: exportText(operation, transcript(operationId), region.profile.name),
      };
    },
    'operations.cancel': ({ operationId }) => operations.cancel(operationId),
    'operations.continue': ({ operationId }) => operations.continue(operationId),
    'operations.rollBack': ({ operationId }) => operations.rollBack(operationId),
    'operations.handOver': ({ operationId }) => operations.handOver(operationId),
    'nodes.rename': (input) => rename(small, input),
    'nodes.changeTags': (input) => changeTags(small, input),
    'nodes.acceptIdentity': notBuilt,
    'regions.setLimits': (input) => setLimits(small, input),
    'regions.overrideBrake': async (input) => overrideBrake(small, input),
  };
}

async function notBuilt(): Promise<never> {
  return fail({ code: 'not-available', message: 'This is not built yet.', advice: 'Use the cluster’s own tools.' });
}
