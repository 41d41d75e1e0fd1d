import { expect, test } from 'vitest';
import { inputSchemas } from '../../../../shared/contract/schemas.ts';
import { textLimits, wrongText } from '../../../../shared/model/texts.ts';
import { wrongTag } from '../../../../renderer/features/node-detail/tag-suggestions.ts';

const kinds = Object.keys(textLimits) as (keyof typeof textLimits)[];

test('what is too long says by how much, and is not cut off', () => {
  for (const kind of kinds) {
    const most = textLimits[kind];
    expect(wrongText(kind, 'x'.repeat(most))).toBe(undefined);
    expect(wrongText(kind, 'x'.repeat(most + 3))).toBe(`At most ${most} characters: 3 too many.`);
  }
});

test('what the contract refuses of a name or a tag is said before it is sent, and nothing else', () => {
  const on = { regionId: 'fra2', nodeId: 'member:c1' };
  const plate = { description: '', expectedName: 'c1', expectedDescription: '' };
  for (const text of [
    'Überlinger Straße 5',
    'a\u0007b',
    'zero\u200bwidth',
    'x'.repeat(81),
    'x'.repeat(64),
    '東京-04',
  ]) {
    const isName = inputSchemas['nodes.rename'].safeParse({ ...on, ...plate, name: text }).success;
    expect([text, wrongText('name', text) === undefined]).toEqual([text, isName]);
    const isTag = inputSchemas['nodes.changeTags'].safeParse({ ...on, add: [text], remove: [] }).success;
    expect([text, wrongTag(text, []) === undefined]).toEqual([text, isTag]);
  }
});

test('a tag that the node has in other capitals is one that it has', () => {
  expect(wrongTag('GPU', ['gpu'])).toBe('The node has this tag, as gpu.');
  expect(wrongTag('gpu', ['gpu'])).toBe('The node has this tag.');
});
