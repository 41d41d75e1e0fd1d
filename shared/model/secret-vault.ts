/**
 * How secrets are encrypted at rest, a port of the shell: the operating system's keychain, or why there is none and they are kept for the
 * session only (R25).
 */
export type SecretVault =
  | {
      readonly kind: 'keychain';
      encrypt(text: string): Promise<Uint8Array>;
      decrypt(bytes: Uint8Array): Promise<string>;
    }
  | { readonly kind: 'session-only'; readonly because: string };
