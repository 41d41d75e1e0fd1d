import { randomUUID } from 'node:crypto';
import type { NewRegion } from '#shared/contract/regions.ts';
import { inputSchemas } from '#shared/contract/schemas.ts';
import { regionId } from '#shared/model/ids.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import { fail } from '#shared/problems.ts';
import type { DatabaseHandle } from './handle.ts';
import type { NewNotice } from './notices.ts';

/** The regions this laptop knows, in the order in which they were added. */
export interface RegionsRepository {
  list(): readonly RegionProfile[];
  /** `region-name-taken` where another one is called that, whatever the case of its letters. */
  add(region: NewRegion, options?: { readonly isDemo?: boolean }): RegionProfile;
  /** `region-not-found`, `region-name-taken`. */
  update(id: RegionId, region: NewRegion): RegionProfile;
  /** Forgets the profile and the region's folder with all it holds; `region-not-found`. Its inventory and metrics are closed before. */
  remove(id: RegionId): void;
}

interface RegionRow {
  readonly id: string;
  readonly profile: string;
  readonly is_demo: number;
}

export function regionsRepository(
  database: DatabaseHandle,
  options: {
    readonly now: () => number;
    readonly removeFolder: (id: RegionId) => void;
    readonly onNotice: (notice: NewNotice) => void;
    /** What a demo region is called beside its name. */
    readonly demoLabel: string;
  },
): RegionsRepository {
  const all = database.prepare<RegionRow>('SELECT id, profile, is_demo FROM regions ORDER BY added_at, rowid');
  const byId = database.prepare<RegionRow>('SELECT id, profile, is_demo FROM regions WHERE id = ?');
  const named = database.prepare<{ id: string }>('SELECT id FROM regions WHERE name_key = ?');
  const insert = database.prepare(
    'INSERT INTO regions (id, name_key, profile, is_demo, added_at) VALUES (?, ?, ?, ?, ?)',
  );
  const change = database.prepare('UPDATE regions SET name_key = ?, profile = ? WHERE id = ?');
  const drop = database.prepare('DELETE FROM regions WHERE id = ?');

  const profileFrom = (region: NewRegion, id: RegionId, isDemo: boolean): RegionProfile => ({
    ...plain(region),
    id,
    demoLabel: isDemo ? options.demoLabel : null,
  });
  const requireFreeName = (name: string, own: string | undefined): void => {
    const other = named.get(nameKey(name));
    if (other === undefined || other.id === own) return;
    fail({
      code: 'region-name-taken',
      message: `There is already a region called ${name} on this laptop.`,
      advice: 'Give it another name: regions are told apart by their names.',
    });
  };
  const requireRow = (id: RegionId): RegionRow =>
    byId.get(id) ??
    fail({
      code: 'region-not-found',
      message: `This laptop knows no region with the id ${id}.`,
      advice: 'Reload the list of regions; it may have been removed in another window.',
    });

  return {
    list: () =>
      database
        .read(() => all.all())
        .flatMap((row) => {
          const region = storedRegion(row);
          if (region !== undefined) return [profileFrom(region, regionId(row.id), row.is_demo === 1)];
          options.onNotice({
            level: 'danger',
            message: `The stored profile of region ${row.id} cannot be understood, so that region is not shown.`,
            advice: 'Add the region again. Its cached data and journal are still in the data folder.',
          });
          return [];
        }),
    add: (region, { isDemo = false } = {}) => {
      const id = regionId(randomUUID());
      database.record(() => {
        requireFreeName(region.name, undefined);
        insert.run(id, nameKey(region.name), JSON.stringify(plain(region)), isDemo ? 1 : 0, options.now());
      });
      return profileFrom(region, id, isDemo);
    },
    update: (id, region) =>
      database.record(() => {
        const row = requireRow(id);
        requireFreeName(region.name, id);
        change.run(nameKey(region.name), JSON.stringify(plain(region)), id);
        return profileFrom(region, id, row.is_demo === 1);
      }),
    remove: (id) => {
      database.record(() => {
        requireRow(id);
        drop.run(id);
      });
      options.removeFolder(id);
    },
  };
}

function nameKey(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase();
}

/** Exactly the fields of a profile: whoever passes a whole `RegionProfile` does not store its id twice. */
function plain({ name, colour, seeds, login, jumps, nodeLogins }: NewRegion): NewRegion {
  return { name, colour, seeds, login, jumps, nodeLogins };
}

/** What is read from the disk is checked as strictly as what comes from the renderer. */
function storedRegion(row: RegionRow): NewRegion | undefined {
  let json: unknown;
  try {
    json = JSON.parse(row.profile);
  } catch {
    return undefined;
  }
  const parsed = inputSchemas['regions.add'].safeParse(json);
  return parsed.success ? parsed.data : undefined;
}
