import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeCommands } from '#shared/lifecycle/commands.ts';
import { transitions } from '#shared/lifecycle/transitions.ts';
import { lifecycleDocs } from '../../../scripts/lifecycle-docs.ts';

test('docs/lifecycle.md is what `npm run docs` prints from the table', () => {
  const committed = readFileSync(new URL('../../../docs/lifecycle.md', import.meta.url), 'utf8');
  expect(committed).toBe(lifecycleDocs());
});

test('the page names every command with its word', () => {
  const page = lifecycleDocs();
  for (const command of nodeCommands) expect(page).toContain(`| **${transitions[command].label}** |`);
});
