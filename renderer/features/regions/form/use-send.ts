import { useState } from 'react';
import type { RegionId } from '#shared/model/ids.ts';
import type { Problem } from '#shared/problems.ts';
import { addRegion, updateRegion } from '../../../state/region-actions.ts';
import { problemFrom, showRegion } from '../../../state/session.ts';
import { supplySecret } from '../../../state/trust.ts';
import type { SuppliedSecret } from '../../../state/trust.ts';
import type { RegionDraft } from './draft.ts';
import { errorsOf, toRegion } from './to-region.ts';
import type { FieldErrors } from './to-region.ts';
import { typedSecrets } from './typed-secrets.ts';

export interface Send {
  /** Adds or changes the region, gives its secrets, and opens it; the region's id, or `null` where it was refused. */
  readonly send: (regionId: RegionId | null, draft: RegionDraft) => Promise<RegionId | null>;
  readonly isSending: boolean;
  readonly errors: FieldErrors;
  /** A refusal that is about no field; after the region was added: why a secret could not be kept. */
  readonly problem: Problem | null;
}

/** Sends the form. A secret that could not be given does not hold up the region: it will be asked for. */
export function useSend(): Send {
  const [isSending, setSending] = useState(false);
  const [errors, setErrors] = useState<FieldErrors>({});
  const [problem, setProblem] = useState<Problem | null>(null);

  const give = async (secrets: readonly SuppliedSecret[]): Promise<void> => {
    for (const secret of secrets) {
      await supplySecret(secret).catch((error: unknown) => {
        setProblem(problemFrom(error));
      });
    }
  };
  const send: Send['send'] = async (regionId, draft) => {
    const { region, places } = toRegion(draft);
    setSending(true);
    setErrors({});
    setProblem(null);
    try {
      // An open region is connected anew by its change, so its new secrets come first; a new one has no scope before it is added.
      if (regionId !== null) await give(typedSecrets(regionId, region, draft));
      const { id } = regionId === null ? await addRegion(region) : await updateRegion(regionId, region);
      if (regionId === null) await give(typedSecrets(id, region, draft));
      await showRegion(id);
      return id;
    } catch (error) {
      const refusal = problemFrom(error);
      const found = errorsOf(refusal, places);
      setErrors(found ?? {});
      setProblem(found ? null : refusal);
      return null;
    } finally {
      setSending(false);
    }
  };
  return { send, isSending, errors, problem };
}
