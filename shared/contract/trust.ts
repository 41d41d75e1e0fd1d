import type { RegionId } from '../model/ids.ts';

/** A key of our own known hosts. `host` is `name` or `[name]:port`. */
export interface TrustedKey {
  readonly host: string;
  readonly type: string;
  readonly keyBase64: string;
  readonly fingerprint: string;
  readonly addedAt: number;
}

export interface TrustCalls {
  'knownHosts.list': { input: Record<string, never>; output: readonly TrustedKey[] };
  /**
   * Trusts keys that were shown as unknown, all of them or none. A host that already has another key is refused
   * (`host-key-changed`): that key must be forgotten first, by name.
   */
  'knownHosts.trust': {
    input: {
      /** Whose question is answered. A demo's keys end with it, and never come among those of this laptop. */
      readonly regionId?: RegionId | undefined;
      readonly keys: readonly { readonly host: string; readonly keyBase64: string }[];
    };
    output: null;
  };
  'knownHosts.forget': { input: { readonly regionId?: RegionId | undefined; readonly host: string }; output: null };
  /** Gives a secret that was asked for. `remember` needs a keychain, else `keychain-unavailable`, and nothing is kept. */
  'secrets.supply': {
    input: {
      readonly scope: string;
      readonly kind: 'password' | 'passphrase' | 'sudo-password';
      readonly user: string;
      readonly host: string;
      readonly keyFile?: string | undefined;
      readonly value: string;
      readonly remember: boolean;
    };
    output: null;
  };
  /** Answers a stored keyboard-interactive conversation before its deadline. */
  'secrets.answer': { input: { readonly conversationId: string; readonly answers: readonly string[] }; output: null };
  'secrets.forget': { input: { readonly regionId: RegionId }; output: null };
}
