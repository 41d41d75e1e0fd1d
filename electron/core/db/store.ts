import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RegionId } from '#shared/model/ids.ts';
import { openBallast } from './ballast.ts';
import { appSchema } from './app-schema.ts';
import { dataPaths, ensurePrivateFolder, removeFolder } from './data-folder.ts';
import { openDatabase } from './database.ts';
import type { DatabaseHandle, Relief } from './handle.ts';
import { inventoryFiles } from './inventory-files.ts';
import { inventorySchema } from './inventory-schema.ts';
import { openInventoryOn } from './inventory.ts';
import type { Inventory } from './inventory.ts';
import { knownHostsRepository } from './known-hosts.ts';
import type { KnownHostsRepository } from './known-hosts.ts';
import { requireLock } from './lock.ts';
import type { DataFolderLock } from './lock.ts';
import { createNotices } from './notices.ts';
import type { NewNotice, Notices } from './notices.ts';
import { regionsRepository } from './regions.ts';
import type { RegionsRepository } from './regions.ts';
import { secretsRepository } from './secrets.ts';
import type { SecretsRepository } from './secrets.ts';
import { settingsRepository } from './settings.ts';
import type { SettingsRepository } from './settings.ts';
import { failOn } from './sqlite.ts';
import { spareCopy } from './spare-copy.ts';
import { updateMemoryRepository } from './update-memory.ts';
import type { UpdateMemoryRepository } from './update-memory.ts';
import { viewsRepository } from './views.ts';
import type { ViewsRepository } from './views.ts';

/** Everything this laptop keeps. All calls are synchronous and in small transactions; failures are `ProblemError`s. */
export interface Store {
  readonly folder: string;
  readonly regions: RegionsRepository;
  readonly settings: SettingsRepository;
  readonly views: ViewsRepository;
  readonly knownHosts: KnownHostsRepository;
  readonly secrets: SecretsRepository;
  readonly notices: Notices;
  readonly updateMemory: UpdateMemoryRepository;
  /** Where the metrics worker keeps its file of this region; the folder is there. */
  metricsFile(region: RegionId): string;
  /** Deletes what is kept of a region beside its profile: cache, journal, metrics. None of them is open. */
  forgetKept(region: RegionId): void;
  /** Opens a region's cache and journal; at most once at a time. */
  openInventory(region: RegionId): Inventory;
  /** Closes everything this opened, the lock last if it was taken here. */
  close(): void;
}

export interface StoreOptions {
  readonly now: () => number;
  readonly log: { warn(message: string, details?: Readonly<Record<string, unknown>>): void };
  /** The lock of the folder where the shell has taken it already; else the store takes it (`data-folder-in-use`). */
  readonly lock?: DataFolderLock;
  /** What a demo region is called beside its name; `Demo` where nothing else is said. */
  readonly demoLabel?: string;
}

/**
 * Opens the data folder: makes it private, lays the ballast, opens `app.sqlite`.
 * Throws `data-folder-in-use`, `data-folder-unwritable`, `data-from-the-future`, `disk-full`.
 */
export function openStore(folder: string, options: StoreOptions): Store {
  const { now, log } = options;
  const paths = dataPaths(folder);
  const own = options.lock === undefined ? requireLock(folder, { now }) : undefined;
  try {
    for (const each of [folder, paths.regions]) ensurePrivateFolder(each);
    const notices = createNotices(now);
    const ballast = openBallast(paths.ballast);
    const onNotice = (notice: NewNotice): void => {
      log.warn(notice.message, { advice: notice.advice });
      notices.add(notice);
    };
    const relief: Relief = () => {
      if (!ballast.release()) return false;
      onNotice({
        level: 'danger',
        message: "This laptop's disk is full. Rackside has used its own reserve of 4 MB to finish what it was writing.",
        advice: 'Free some space, then restart Rackside so that it has a reserve again.',
      });
      return true;
    };
    const common = { backups: paths.backups, quarantine: paths.quarantine, now, relief, onNotice };
    const app = openDatabase({ ...common, file: paths.app, schema: appSchema, name: 'app', spare: paths.appSpare });
    const inventories = new Map<RegionId, Inventory>();
    try {
      notices.attach(app);
      const spare = spareCopy(app, paths.appSpare, (error) => {
        log.warn('The spare copy of app.sqlite could not be renewed', { error });
      });
      app.onRecorded(() => {
        spare.renew();
      });
      removeLeftovers(paths.regions);
      const files = inventoryFiles(app, now);
      const regionFolder = (region: RegionId): string => {
        const path = paths.region(region);
        ensurePrivateFolder(path);
        return path;
      };
      const forgetKept = (region: RegionId): void => {
        inventories.get(region)?.close();
        files.remove(region);
        try {
          removeFolder(paths.region(region));
        } catch (error) {
          failOn(error, paths.region(region));
        }
      };
      return {
        folder,
        forgetKept,
        regions: regionsRepository(app, {
          now,
          onNotice,
          demoLabel: options.demoLabel ?? 'Demo',
          removeFolder: forgetKept,
        }),
        settings: settingsRepository(app, now),
        views: viewsRepository(app, now),
        knownHosts: knownHostsRepository(app, now),
        secrets: secretsRepository(app, now),
        notices,
        updateMemory: updateMemoryRepository(app, now),
        metricsFile: (region) => join(regionFolder(region), 'metrics.sqlite'),
        openInventory: (region) => {
          if (inventories.has(region)) throw new Error(`The inventory of region ${region} is open already.`);
          const database: DatabaseHandle = openDatabase({
            ...common,
            file: join(regionFolder(region), 'inventory.sqlite'),
            schema: inventorySchema,
            name: `${region}-inventory`,
            isExpected: files.isExpected(region),
          });
          files.add(region);
          const inventory = openInventoryOn(database, () => inventories.delete(region));
          inventories.set(region, inventory);
          return inventory;
        },
        close: () => {
          for (const inventory of inventories.values()) inventory.close();
          spare.close();
          app.close();
          own?.release();
        },
      };
    } catch (error) {
      app.close();
      throw error;
    }
  } catch (error) {
    own?.release();
    throw error;
  }
}

/** Finishes the removal of regions whose folder was left half removed by a kill. */
function removeLeftovers(regions: string): void {
  for (const name of readdirSync(regions)) {
    if (name.endsWith('.removed')) rmSync(join(regions, name), { recursive: true, force: true, maxRetries: 5 });
  }
}
