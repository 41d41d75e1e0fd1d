import type { SecretKeeper } from '../../core/region/secret-keeper.ts';
import type { TrustedKey } from '#shared/contract/trust.ts';
import type { Handlers } from './call.ts';

/** Our own known hosts, as the store keeps them. */
export interface TrustStore {
  list(): readonly TrustedKey[];
  /** All or none. @throws ProblemError `host-key-changed`. */
  trust(keys: readonly { readonly host: string; readonly keyBase64: string }[]): void;
  forget(host: string): void;
}

/** The calls about host keys and secrets. Neither tries a connection again: that is `regions.retry`. */
export function trustHandlers(
  trustStore: TrustStore,
  secrets: SecretKeeper,
  answer: (conversationId: string, answers: readonly string[]) => Promise<void>,
): Pick<Handlers, Extract<keyof Handlers, `knownHosts.${string}` | `secrets.${string}`>> {
  return {
    'knownHosts.list': () => trustStore.list(),
    'knownHosts.trust': ({ keys }) => {
      trustStore.trust(keys);
      return null;
    },
    'knownHosts.forget': ({ host }) => {
      trustStore.forget(host);
      return null;
    },
    'secrets.supply': async ({ value, remember, ...name }) => {
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
