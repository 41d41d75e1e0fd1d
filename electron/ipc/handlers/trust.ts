import type { TrustedKey } from '#shared/contract/trust.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import { fail } from '#shared/problems.ts';
import type { SecretKeeper } from '../../core/region/secret-keeper.ts';
import type { Handlers } from './call.ts';

/** Our own known hosts, as the store keeps them. */
export interface TrustStore {
  list(): readonly TrustedKey[];
  /** All or none. @throws ProblemError `host-key-changed`. */
  trust(keys: readonly { readonly host: string; readonly keyBase64: string }[]): void;
  forget(host: string): void;
}

/**
 * The calls about host keys and secrets. Neither tries a connection again: that is `regions.retry`.
 *
 * @param storeOf the keys of a region that keeps its own (a demo); without one they are this laptop's.
 * @param profiles every region there is: a secret for a demo is refused.
 */
export function trustHandlers(
  trustStore: TrustStore,
  storeOf: (regionId: RegionId) => TrustStore | undefined,
  secrets: SecretKeeper,
  answer: (conversationId: string, answers: readonly string[]) => Promise<void>,
  profiles: () => readonly Pick<RegionProfile, 'id' | 'demoLabel'>[],
): Pick<Handlers, Extract<keyof Handlers, `knownHosts.${string}` | `secrets.${string}`>> {
  const of = (regionId: RegionId | undefined): TrustStore =>
    (regionId === undefined ? undefined : storeOf(regionId)) ?? trustStore;
  const isOfDemo = (scope: string): boolean =>
    profiles().some(({ id, demoLabel }) => demoLabel !== null && (scope === id || scope.startsWith(`${id}/`)));
  return {
    'knownHosts.list': () => trustStore.list(),
    'knownHosts.trust': ({ regionId, keys }) => {
      of(regionId).trust(keys);
      return null;
    },
    'knownHosts.forget': ({ regionId, host }) => {
      of(regionId).forget(host);
      return null;
    },
    'secrets.supply': async ({ value, remember, ...name }) => {
      if (isOfDemo(name.scope)) refuseSecret();
      await secrets.supply(name, value, remember);
      return null;
    },
    'secrets.answer': async ({ conversationId, answers }) => {
      await answer(conversationId, answers);
      return null;
    },
    'secrets.forget': ({ regionId }) => {
      secrets.forget(regionId);
      return null;
    },
  };
}

/** Nothing that a person knows may reach a simulation: it would be told to a process that no real machine stands behind. */
function refuseSecret(): never {
  return fail({
    code: 'not-available',
    message: 'The demo region takes no password and no passphrase: its simulation brings its own. Nothing was kept.',
    advice: 'Reset the demo region if it cannot be reached. A secret of yours belongs to a region of real nodes.',
  });
}
