import type { NewRegion } from '#shared/contract/regions.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import { fail } from '#shared/problems.ts';
import { demoRegion } from './demo-region.ts';
import type { OpenRegion } from './open-region.ts';

/** Where profiles are kept; the store's repository has this shape. */
export interface RegionRepository {
  list(): readonly RegionProfile[];
  /** @throws ProblemError `region-name-taken`. */
  add(region: NewRegion, options?: { readonly isDemo?: boolean }): RegionProfile;
  update(id: RegionId, region: NewRegion): RegionProfile;
  remove(id: RegionId): void;
}

/** The regions of this laptop, and which of them are open. */
export interface Regions {
  list(): readonly RegionProfile[];
  add(region: NewRegion): RegionProfile;
  /** @throws ProblemError `not-available` for a demo region, which describes itself; `region-not-found`, `region-name-taken`. */
  update(id: RegionId, region: NewRegion): Promise<RegionProfile>;
  /** The one demo region of this data folder, added where there is none. */
  demo(): RegionProfile;
  /** Forgets the demo region with everything kept of it, and adds a new one. */
  resetDemo(): Promise<RegionProfile>;
  remove(id: RegionId): Promise<void>;
  /** Opens it, or answers the open one. @throws ProblemError `region-not-found`, and why a demo does not start. */
  open(id: RegionId): Promise<OpenRegion>;
  /** @throws ProblemError `region-not-open`. */
  get(id: RegionId): OpenRegion;
  all(): Iterable<OpenRegion>;
  close(id: RegionId): Promise<void>;
  closeAll(): Promise<void>;
}

/** Makes the manager; `openRegion` builds one, `onListChanged` is told after every change of the list. */
export function createRegions(options: {
  readonly repository: RegionRepository;
  readonly openRegion: (profile: RegionProfile) => OpenRegion | Promise<OpenRegion>;
  readonly forgetSecrets: (scope: string) => void;
  readonly onListChanged: (profiles: readonly RegionProfile[]) => void;
}): Regions {
  const { repository } = options;
  const opened = new Map<RegionId, OpenRegion>();
  /** Whoever asks while it is being opened gets the same one. */
  const opening = new Map<RegionId, Promise<OpenRegion>>();

  const tell = () => options.onListChanged(repository.list());
  const find = (id: RegionId): RegionProfile =>
    repository.list().find((profile) => profile.id === id) ??
    fail({
      code: 'region-not-found',
      message: 'This region is not known to this laptop any more; it may have been removed in another window.',
      advice: 'Choose another region, or add it again.',
    });

  async function close(id: RegionId): Promise<void> {
    // What fails to open has told whoever opened it, and leaves nothing to close.
    await opening.get(id)?.catch(() => undefined);
    const region = opened.get(id);
    opened.delete(id);
    await region?.close();
  }

  async function openAnew(profile: RegionProfile): Promise<OpenRegion> {
    const region = await options.openRegion(profile);
    opened.set(profile.id, region);
    return region;
  }

  function open(profile: RegionProfile): Promise<OpenRegion> {
    const promise = openAnew(profile).finally(() => opening.delete(profile.id));
    opening.set(profile.id, promise);
    return promise;
  }

  async function forget(id: RegionId): Promise<void> {
    await close(id);
    repository.remove(id);
    options.forgetSecrets(id);
  }

  const demo = (): RegionProfile | undefined => repository.list().find(({ demoLabel }) => demoLabel !== null);
  const addDemo = (): RegionProfile => {
    const profile = repository.add(demoRegion(repository.list()), { isDemo: true });
    tell();
    return profile;
  };

  return {
    list: () => repository.list(),
    add(region) {
      const profile = repository.add(region);
      tell();
      return profile;
    },
    async update(id, region) {
      if (find(id).demoLabel !== null) {
        fail({
          code: 'not-available',
          message: 'The demo region describes itself: it is reached as its own simulation says.',
          advice: 'Add a region to connect to a real one.',
        });
      }
      const profile = repository.update(id, region);
      const wasOpen = opened.has(id) || opening.has(id);
      await close(id);
      if (wasOpen) await open(profile);
      tell();
      return profile;
    },
    async remove(id) {
      find(id);
      await forget(id);
      tell();
    },
    demo: () => demo() ?? addDemo(),
    async resetDemo() {
      const before = demo();
      if (before !== undefined) await forget(before.id);
      return addDemo();
    },
    async open(id) {
      return opened.get(id) ?? opening.get(id) ?? open(find(id));
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
      await Promise.all([...opened.keys(), ...opening.keys()].map(close));
    },
  };
}
