import type { RegionId } from '#shared/model/ids.ts';
import type { RegionDraft } from './draft.ts';
import { withoutSecrets } from './typed-secrets.ts';

/**
 * What was typed and not sent, by region (`null`: a new one), so that Escape loses nothing. It lives as long as the page;
 * secrets are not kept, and the dialog says so before it closes.
 */
const drafts = new Map<RegionId | null, RegionDraft>();

export const keptDraft = (regionId: RegionId | null): RegionDraft | undefined => drafts.get(regionId);

export function keepDraft(regionId: RegionId | null, draft: RegionDraft): void {
  drafts.set(regionId, withoutSecrets(draft));
}

export function dropDraft(regionId: RegionId | null): void {
  drafts.delete(regionId);
}
