import type { OperationEvents } from '#shared/contract/operations.ts';
import type { Operation } from '#shared/model/operation.ts';
import type { Inventory } from '../db/inventory.ts';
import type { RegionAccess } from '../region/region-access.ts';
import { createOperationCalls } from './calls.ts';
import { activate } from './commands/activate.ts';
import { forceMaintenance } from './commands/force-maintenance.ts';
import { maintenance } from './commands/maintenance.ts';
import { remove } from './commands/remove.ts';
import { shutDownVm } from './commands/shut-down-vm.ts';
import { stopClusterServices } from './commands/stop-services.ts';
import type { Operations } from './operations.ts';
import { createRegionOperations } from './region-operations.ts';
import type { OperationClock } from './time.ts';

/** What acts on the nodes of one open region. */
export interface OpenOperations {
  readonly calls: Operations;
  /** Operations that would be left behind if the program ended now. */
  running(): readonly Operation[];
  close(): Promise<void>;
}

/** Opens what acts on a region's nodes; it looks for what was left behind, and begins nothing by itself. */
export function openOperations(deps: {
  readonly region: RegionAccess;
  readonly inventory: Inventory;
  readonly clock: OperationClock;
  readonly owner: string;
  readonly redact: (text: string) => string;
  readonly logError: (error: unknown) => void;
  readonly onChanged: (operation: Operation) => void;
  readonly onTranscript: (event: OperationEvents['operation.transcript']) => void;
  /** Renames, tags, limits: told in words for the log. */
  readonly onSmallChange: (words: string) => void;
  readonly notify: (title: string, body: string) => void;
}): OpenOperations {
  const operations = createRegionOperations({
    ...deps,
    definitions: {
      activate,
      'force-maintenance': forceMaintenance,
      maintenance,
      remove,
      'shut-down-vm': shutDownVm,
      'stop-services': stopClusterServices,
    },
  });
  const calls = createOperationCalls({
    region: deps.region,
    operations,
    journal: deps.inventory.journal,
    now: deps.clock.now,
    monotonic: deps.clock.monotonic,
    onSmallChange: deps.onSmallChange,
  });
  return { calls, running: () => operations.running(), close: () => operations.close() };
}
