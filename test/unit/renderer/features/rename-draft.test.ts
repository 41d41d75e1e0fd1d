import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  isContested,
  keepMine,
  newDraft,
  takeTheirs,
  typeInto,
  valueOfField,
  wantedPlate,
} from '../../../../renderer/features/nodes/rename-draft.ts';

const before = { name: 'fra2-r01-n05', description: 'Row B' };
const after = { name: 'db-primary', description: 'Row B' };

test('a field that was not touched follows what somebody else writes', () => {
  const draft = typeInto(newDraft(before), 'description', 'Row C', before);
  expect(wantedPlate(draft, after)).toEqual({ name: 'db-primary', description: 'Row C' });
  expect(isContested(draft, 'name', after)).toBe(false);
});

test('a field that both change is contested, until one of the two is chosen', () => {
  const draft = typeInto(newDraft(before), 'name', 'db-standby', before);
  expect(isContested(draft, 'name', after)).toBe(true);
  expect(valueOfField(draft, 'name', after)).toBe('db-standby');
  expect(wantedPlate(keepMine(draft, 'name', after), after).name).toBe('db-standby');
  expect(isContested(keepMine(draft, 'name', after), 'name', after)).toBe(false);
  expect(wantedPlate(takeTheirs(draft, 'name', after), after).name).toBe('db-primary');
});

test('a third value that comes after the choice is contested again', () => {
  const chosen = keepMine(typeInto(newDraft(before), 'name', 'db-standby', before), 'name', after);
  expect(isContested(chosen, 'name', { ...after, name: 'db-third' })).toBe(true);
});

test('both writing the same is no contest', () => {
  const draft = typeInto(newDraft(before), 'name', 'db-primary', before);
  expect(isContested(draft, 'name', after)).toBe(false);
});

test('what stood in the field when the first letter was typed was seen', () => {
  const draft = typeInto(newDraft(before), 'name', 'db-primary-2', after);
  expect(isContested(draft, 'name', after)).toBe(false);
});

test('whatever both type, in whatever order, no text of either is written over unseen', () => {
  const text = fc.string({ maxLength: 4 });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), text), { maxLength: 8 }), (steps) => {
      let present = before;
      let draft = newDraft(before);
      // The other's values that stood on the screen, in the field or beside it. One that is written again was seen before.
      const shown = new Set([before.name]);
      for (const [isMine, typed] of steps) {
        if (isMine) draft = typeInto(draft, 'name', typed, present);
        else present = { ...present, name: typed };
        if (draft.typed.name === null || isContested(draft, 'name', present)) shown.add(present.name);
      }
      const replaced = valueOfField(draft, 'name', present) !== present.name;
      if (replaced && !isContested(draft, 'name', present)) expect(shown).toContain(present.name);
    }),
    {
      // Someone writes a value, changes it, and writes it again: found by chance once, always tried since.
      examples: [
        [
          [
            [false, ''],
            [true, ' '],
            [false, '!'],
            [false, ''],
          ],
        ],
      ],
    },
  );
});
