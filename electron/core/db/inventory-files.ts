import type { DatabaseHandle } from './handle.ts';

/** Which regions have an inventory on this laptop: one that should be there and is not has lost its journal, and that is said. */
export interface InventoryFiles {
  isExpected(region: string): boolean;
  add(region: string): void;
  remove(region: string): void;
}

export function inventoryFiles(database: DatabaseHandle, now: () => number): InventoryFiles {
  const one = database.prepare<{ region_id: string }>('SELECT region_id FROM inventories WHERE region_id = ?');
  const insert = database.prepare('INSERT OR IGNORE INTO inventories (region_id, made_at) VALUES (?, ?)');
  const drop = database.prepare('DELETE FROM inventories WHERE region_id = ?');
  const isExpected = (region: string): boolean => database.read(() => one.get(region)) !== undefined;
  return {
    isExpected,
    add: (region) => {
      if (!isExpected(region)) database.record(() => insert.run(region, now()));
    },
    remove: (region) => {
      database.record(() => drop.run(region));
    },
  };
}
