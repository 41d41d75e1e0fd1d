import type { NewRegion } from '#shared/contract/regions.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import { fail } from '#shared/problems.ts';
import type { OpenRegion } from './open-region.ts';

/** Where profiles are kept; the store's repository has this shape. */
export interface RegionRepository {
  list(): readonly RegionProfile[];
  /** @throws ProblemError `region-name-taken`. */
  add(region: NewRegion): RegionProfile;
  update(id: RegionId, region: NewRegion): RegionProfile;
  remove(id: RegionId): void;
}

/** The regions of this laptop, and which of them are open. */
export interface Regions {
  list(): readonly RegionProfile[];
  add(region: NewRegion): RegionProfile;
  update(id: RegionId, region: NewRegion): Promise<RegionProfile>;
  remove(id: RegionId): Promise<void>;
  /** Opens it, or answers the open one. @throws ProblemError `region-not-found`. */
  open(id: RegionId): OpenRegion;
  /** @throws ProblemError `region-not-open`. */
  get(id: RegionId): OpenRegion;
  all(): Iterable<OpenRegion>;
  close(id: RegionId): Promise<void>;
  closeAll(): Promise<void>;
}

/** Makes the manager; `openRegion` builds one, `onListChanged` is told after every change of the list. */
export function createRegions(options: {
  readonly repository: RegionRepository;
  readonly openRegion: (profile: RegionProfile) => OpenRegion;
  readonly forgetSecrets: (scope: string) => void;
  readonly onListChanged: (profiles: readonly RegionProfile[]) => void;
}): Regions {
  const { repository } = options;
  const opened = new Map<RegionId, OpenRegion>();

  const tell = () => options.onListChanged(repository.list());
  const find = (id: RegionId): RegionProfile =>
    repository.list().find((profile) => profile.id === id) ??
    fail({
      code: 'region-not-found',
      message: 'This region is not known to this laptop any more; it may have been removed in another window.',
      advice: 'Choose another region, or add it again.',
    });

  async function close(id: RegionId): Promise<void> {
    const region = opened.get(id);
    opened.delete(id);
    await region?.close();
  }

  return {
    list: () => repository.list(),
    add(region) {
      const profile = repository.add(region);
      tell();
      return profile;
    },
    async update(id, region) {
      find(id);
      const profile = repository.update(id, region);
      const wasOpen = opened.has(id);
      await close(id);
      if (wasOpen) opened.set(id, options.openRegion(profile));
      tell();
      return profile;
    },
    async remove(id) {
      find(id);
      await close(id);
      repository.remove(id);
      options.forgetSecrets(id);
      tell();
    },
    open(id) {
      const region = opened.get(id) ?? options.openRegion(find(id));
      opened.set(id, region);
      return region;
    },
    get: (id) =>
      opened.get(id) ??
      fail({
        code: 'region-not-open',
        message: 'This region is not open on this laptop.',
        advice: 'Open it from the region switcher.',
      }),
    all: () => opened.values(),
    close,
    async closeAll() {
      await Promise.all([...opened.keys()].map(close));
    },
  };
}
