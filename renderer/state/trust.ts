import { create } from 'zustand';
import type { CallInput } from '#shared/contract/contract.ts';
import type { RegionId } from '#shared/model/ids.ts';
import type { TrustedKey } from '#shared/contract/trust.ts';
import type { Problem } from '#shared/problems.ts';
import { activeClient, problemFrom } from './session.ts';

/** A secret as it is given to the main process, which alone keeps it. */
export type SuppliedSecret = CallInput<'secrets.supply'>;

/** The host keys that Rackside itself keeps; `null` until they were read. */
export const useTrustedKeys = create<{ readonly keys: readonly TrustedKey[] | null; readonly problem: Problem | null }>(
  () => ({ keys: null, problem: null }),
);

/** Reads the keys again. What was read before stays where that fails. */
export async function readTrustedKeys(): Promise<void> {
  try {
    useTrustedKeys.setState({ keys: await activeClient().call('knownHosts.list', {}), problem: null });
  } catch (error) {
    useTrustedKeys.setState({ problem: problemFrom(error) });
  }
}

/** Trusts all of these keys or none. @throws ProblemError `host-key-changed` */
export async function trustKeys(regionId: RegionId, keys: CallInput<'knownHosts.trust'>['keys']): Promise<void> {
  await activeClient().call('knownHosts.trust', { regionId, keys });
}

/** Forgets Rackside's own keys of a host, or those a region keeps for itself; the user's files are not touched. @throws ProblemError */
export async function forgetKeys(host: string, regionId?: RegionId): Promise<void> {
  await activeClient().call('knownHosts.forget', regionId === undefined ? { host } : { regionId, host });
  await readTrustedKeys();
}

/** Gives a secret. @throws ProblemError `keychain-unavailable` where it should be remembered and cannot be */
export async function supplySecret(secret: SuppliedSecret): Promise<void> {
  await activeClient().call('secrets.supply', secret);
}

/** Answers a stored conversation; ends when the machine has let the person in. @throws ProblemError why it did not */
export async function answerConversation(conversationId: string, answers: readonly string[]): Promise<void> {
  await activeClient().call('secrets.answer', { conversationId, answers });
}
