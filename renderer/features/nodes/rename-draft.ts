import type { NodeOfRegion } from '../../state/maintenance-actions.ts';
import type { NamePlate } from '../../state/node-edits.ts';

export const plateFields = ['name', 'description'] as const;
export type PlateField = (typeof plateFields)[number];

/** What a person types while another may change the same node. `null`: this field was not touched, so it follows the other's value. */
export interface RenameDraft {
  readonly typed: Readonly<Record<PlateField, string | null>>;
  /** What stood in the cluster when the person last saw and decided on it. */
  readonly seen: NamePlate;
}

export const newDraft = (present: NamePlate): RenameDraft => ({
  typed: { name: null, description: null },
  seen: present,
});

/** The draft after typing; a text that is the present one again is no change. */
export function typeInto(draft: RenameDraft, field: PlateField, text: string, present: NamePlate): RenameDraft {
  const isUntouched = text === present[field] && !isContested(draft, field, present);
  // Until the first letter the field followed the other's value, so that is the one that was seen.
  const seen = draft.typed[field] === null ? { ...draft.seen, [field]: present[field] } : draft.seen;
  return { typed: { ...draft.typed, [field]: isUntouched ? null : text }, seen };
}

/** What stands in the field. */
export const valueOfField = ({ typed }: RenameDraft, field: PlateField, present: NamePlate): string =>
  typed[field] ?? present[field];

/** Somebody else has changed what this person is changing: both values have to be seen, and one chosen. */
export function isContested({ typed, seen }: RenameDraft, field: PlateField, present: NamePlate): boolean {
  const mine = typed[field];
  return mine !== null && present[field] !== seen[field] && present[field] !== mine;
}

/** The other's value stays. */
export const takeTheirs = (draft: RenameDraft, field: PlateField, present: NamePlate): RenameDraft => ({
  typed: { ...draft.typed, [field]: null },
  seen: { ...draft.seen, [field]: present[field] },
});

/** Mine replaces it, now that it was seen. */
export const keepMine = (draft: RenameDraft, field: PlateField, present: NamePlate): RenameDraft => ({
  ...draft,
  seen: { ...draft.seen, [field]: present[field] },
});

/** What is to be written. */
export const wantedPlate = (draft: RenameDraft, present: NamePlate): NamePlate => ({
  name: valueOfField(draft, 'name', present).trim(),
  description: valueOfField(draft, 'description', present).trim(),
});

const kept = new Map<string, RenameDraft>();
const keyOf = ({ regionId, nodeId }: NodeOfRegion): string => `${regionId} ${nodeId}`;

/** What was typed before and not sent, so that Escape loses nothing. */
export const keptDraft = (on: NodeOfRegion): RenameDraft | undefined => kept.get(keyOf(on));
export function keepDraft(on: NodeOfRegion, draft: RenameDraft): void {
  kept.set(keyOf(on), draft);
}
export function dropDraft(on: NodeOfRegion): void {
  kept.delete(keyOf(on));
}
