import type { JournalRepository } from '../db/journal.ts';
import type { RegionAccess } from '../region/region-access.ts';
import { acceptIdentity } from './accept-identity.ts';
import { exportText } from './export.ts';
import { createSafetyTimer } from './force/safety-timer.ts';
import { armForce, startForce } from './force/start-force.ts';
import { transcriptEntry } from './journal.ts';
import { changeTags, overrideBrake, rename, setLimits, type SmallChanges } from './names-and-tags.ts';
import type { Operations } from './operations.ts';
import type { Gathering } from './prepare/gather.ts';
import type { RegionOperations } from './operations-of-region.ts';
import {
  prepareActivation,
  startActivation,
  startActivationOfMany,
  type Acknowledgements,
} from './start-activation.ts';
import { prepareMaintenance, startMaintenance, startMaintenanceOfMany } from './start-maintenance.ts';
import { prepareRemoval, startRemoval } from './start-removal.ts';
import { startShutDown } from './start-shut-down.ts';
import { prepareStop, startStop } from './start-stop-services.ts';

/** The contract's calls that act on the nodes of one region. */
export function createOperationCalls(deps: {
  readonly region: RegionAccess;
  readonly operations: RegionOperations;
  readonly journal: JournalRepository;
  readonly now: () => number;
  /** Milliseconds of a clock that nobody sets. */
  readonly monotonic: () => number;
  /** Told what was done, in words for the log. */
  readonly onSmallChange: (words: string) => void;
}): Operations {
  const { region, operations, journal, now } = deps;
  const gathering: Gathering = { region, watch: operations.watch, now, ownOperation: null };
  const small: SmallChanges = { region, now, onDone: deps.onSmallChange };
  const timer = createSafetyTimer(deps.monotonic);
  const acknowledged: Acknowledgements = new Map();
  const transcript = (id: string) => journal.list(id).map(transcriptEntry);
  return {
    'maintenance.prepare': ({ nodeId, choices }) => prepareMaintenance(gathering, nodeId, choices),
    'maintenance.start': (input) => startMaintenance(operations, gathering, input),
    'maintenance.startMany': (input) => startMaintenanceOfMany(operations, gathering, input),
    'force.arm': ({ nodeId }) => armForce(operations, gathering, timer, nodeId),
    'force.disarm': async ({ nodeId, token }) => {
      timer.disarm(nodeId, token);
      return null;
    },
    'force.start': (input) => startForce(operations, gathering, timer, input),
    'activate.prepare': ({ nodeId }) => prepareActivation(gathering, acknowledged, nodeId),
    'activate.start': async (input) => startActivation(operations, gathering, acknowledged, input),
    'activate.startMany': async (input) => startActivationOfMany(operations, gathering, acknowledged, input),
    'services.prepareStop': ({ nodeId }) => prepareStop(gathering, nodeId),
    'services.stop': (input) => startStop(operations, gathering, input),
    'removal.prepare': ({ nodeId }) => prepareRemoval(gathering, nodeId),
    'removal.start': (input) => startRemoval(operations, gathering, input),
    'vms.shutDown': (input) => startShutDown(operations, gathering, input),
    'operations.list': () => Promise.resolve(operations.list()),
    'operations.get': async ({ operationId }) => operations.get(operationId),
    'operations.transcript': async ({ operationId, after }) =>
      transcript(operationId).filter(({ sequence }) => sequence > after),
    'operations.export': async ({ operationId }) => {
      const operation = operations.get(operationId);
      const day = new Date(operation.startedAt).toISOString().slice(0, 10);
      return {
        fileName: `rackside-${operation.command}-${operation.node}-${day}.txt`,
        text: exportText(operation, transcript(operationId), region.profile),
      };
    },
    'operations.cancel': ({ operationId }) => operations.cancel(operationId),
    'operations.continue': ({ operationId }) => operations.continue(operationId),
    'operations.rollBack': ({ operationId }) => operations.rollBack(operationId),
    'operations.handOver': ({ operationId }) => operations.handOver(operationId),
    'nodes.rename': (input) => rename(small, input),
    'nodes.changeTags': (input) => changeTags(small, input),
    'nodes.acceptIdentity': (input) => acceptIdentity(small, input),
    'regions.setLimits': (input) => setLimits(small, input),
    'regions.overrideBrake': async (input) => overrideBrake(small, input),
  };
}
