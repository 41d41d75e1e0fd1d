import { createHash } from 'node:crypto';
import type { Problem } from '#shared/problems.ts';

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 15vh auto; max-width: 36rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; font-weight: 600; }
code { font-family: ui-monospace, monospace; }
.code { opacity: 0.7; font-size: 0.875rem; }
`;

/** The source by which a content security policy allows the page's own style and no other. */
export const problemPageStyles = `'sha256-${createHash('sha256').update(style).digest('base64')}'`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/gu, (character) => entities[character] ?? character);
const marked = (text: string): string => escape(text).replaceAll(/`([^`]+)`/gu, '<code>$1</code>');

/** A page without script for a person who cannot be let in: what happened and what to do. */
export function problemPage(problem: Problem): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rackside</title><style>${style}</style></head>
<body><main>
<h1>${marked(problem.message)}</h1>
<p>${marked(problem.advice)}</p>
<p class="code">Problem: <code>${escape(problem.code)}</code></p>
</main></body>
</html>
`;
}
