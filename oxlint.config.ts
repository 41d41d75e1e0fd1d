import { defineConfig } from 'oxlint';
import { layers, outsideSource, ownedPackages, parserNames } from './scripts/layers.ts';
import type { Layer } from './scripts/layers.ts';

interface Pattern {
  readonly regex: string;
  readonly message: string;
  readonly importNamePattern?: string;
}

const sourceRoots = ['shared', 'electron', 'renderer'];
const isFile = (path: string): boolean => /\.tsx?$/u.test(path);
const literal = (text: string): string => text.replaceAll('.', String.raw`\.`);

/** Every relative spelling of `path` from a file of `from`: `../db/x.ts`, `../../core/db/x.ts`, `../../../electron/core/db/x.ts`. */
function spellings(path: string, from: string): string {
  const folders = path.split('/');
  const last = folders.pop() ?? path;
  // The layer around this one is reached without its name: `../dispatcher.ts`. A layer inside another is one flat folder.
  if (from.startsWith(`${path}/`)) return String.raw`^\.\./[\w-]+(\.tsx?)?$`;
  const parents = folders.reduce((outer, folder) => `(${outer}${literal(folder)}/)?`, '');
  // Only a file beside the layer, or the layer around it, can reach it without `../`.
  const reachesDown = isFile(from) || path.startsWith(`${from}/`);
  const ascent = reachesDown ? String.raw`(\.\.?/)+` : String.raw`(\./)?(\.\./)+`;
  return `^${ascent}${parents}${literal(last)}(/|$)`;
}

/** The one override of a layer. A later override of a rule replaces an earlier one as a whole, so each says everything. */
function boundary(
  layer: Layer,
  files: string,
  rule: string,
): { files: string[]; rules: Record<string, ['error', object]> } {
  const root = layer.path.split('/')[0] ?? layer.path;
  const sameRoot = layers
    .filter(({ path }) => path.startsWith(`${root}/`) && root !== 'shared')
    .map(({ path }) => path);
  const forbidden = [
    ...sameRoot.filter((path) => path !== layer.path && !layer.may.includes(path)),
    ...sourceRoots.filter((other) => other !== root && other !== 'shared'),
    ...outsideSource,
  ];
  // One word an edge: what the layer around a folder says already is not said again.
  const outermost = forbidden.filter((path) => !forbidden.some((around) => path.startsWith(`${around}/`)));
  const patterns: Pattern[] = outermost.map((path) => ({
    regex: spellings(path, layer.path),
    message: `${rule} Not ${path}.`,
  }));
  for (const name of ownedPackages) {
    if (!layer.packages?.includes(name))
      patterns.push({ regex: `^${name}(/|$)`, message: `${rule} Not the package ${name}.` });
  }
  if (layer.isPure) patterns.push({ regex: '^node:', message: `${rule} No module of Node: it reaches no machine.` });
  if (layer.isParserFree) {
    for (const path of layer.may) {
      const message = `${rule} Command texts only: a parser of ours must not answer itself.`;
      patterns.push({ regex: spellings(path, layer.path), importNamePattern: parserNames, message });
    }
  }
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns }] } };
}

const inNoLayer = sourceRoots.map((path) =>
  boundary(
    { path, may: [] },
    `${path}/**`,
    'This file is in no layer of scripts/layers.ts, so it may import shared only.',
  ),
);

const inLayers = layers.map((layer) => {
  const names = ['shared', ...layer.may, ...(layer.packages ?? [])].join(', ');
  const files = isFile(layer.path) ? layer.path : `${layer.path}/**`;
  return boundary(layer, files, `Layers: ${layer.path} may import ${names}.`);
});

export default defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import'],
  categories: { correctness: 'error', suspicious: 'error' },
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: ['node_modules', 'out', 'dist', 'coverage', 'test/fixtures'],
  rules: {
    // A promise nobody waits for is an error nobody sees.
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/return-await': ['error', 'in-try-catch'],
    'typescript/prefer-promise-reject-errors': 'error',
    'typescript/only-throw-error': 'error',
    // What comes from outside is `unknown` until a schema has parsed it.
    'typescript/no-explicit-any': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/no-unsafe-type-assertion': 'error',
    'typescript/no-non-null-assertion': 'error',
    'typescript/use-unknown-in-catch-callback-variable': 'error',
    // Types that run as they are written, and unions that stay complete.
    'typescript/consistent-type-imports': 'error',
    'typescript/no-import-type-side-effects': 'error',
    'typescript/no-namespace': 'error',
    'typescript/no-require-imports': 'error',
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/ban-ts-comment': 'error',
    'typescript/no-deprecated': 'error',
    'import/no-default-export': 'error',
    'import/no-cycle': 'error',
    'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],
    'unicorn/prefer-node-protocol': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/no-abusive-eslint-disable': 'error',
    eqeqeq: 'error',
    'no-console': 'error',
    'no-var': 'error',
    'no-param-reassign': 'error',
    'no-promise-executor-return': 'error',
    'max-lines': ['error', { max: 300 }],
    // Where a function stands is for the reader to judge, and an underscore marks what a signature forces on us.
    'unicorn/consistent-function-scoping': 'off',
    'no-underscore-dangle': 'off',
    // The compiler's noImplicitReturns says it, and knows which calls never return.
    'typescript/consistent-return': 'off',
  },
  overrides: [
    {
      files: ['renderer/**'],
      plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'react', 'jsx-a11y'],
      rules: {
        'react/rules-of-hooks': 'error',
        'react/exhaustive-deps': 'error',
        'react/button-has-type': 'error',
        'react/no-danger': 'error',
        // The JSX transform imports React itself.
        'react/react-in-jsx-scope': 'off',
        // It names @tanstack/react-virtual, which we have chosen and do not compile with React's compiler.
        'react/incompatible-library': 'off',
        // A virtual table cannot be made of the tags alone: its rows and cells carry roles.
        'jsx-a11y/prefer-tag-over-role': 'off',
      },
    },
    {
      // Tests state what a value is by asserting on it; reading a captured JSON field by field would hide the rule they prove.
      files: ['test/**'],
      plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'vitest'],
      rules: {
        'typescript/no-unsafe-type-assertion': 'off',
        'typescript/no-non-null-assertion': 'off',
        'vitest/no-focused-tests': 'error',
        // fast-check is used as `fc.`, as its own documents do.
        'import/no-named-as-default-member': 'off',
        'max-lines': 'off',
        'no-console': 'off',
      },
    },
    {
      // A brand is an assertion by nature, and zod spells an optional property as `| undefined`, which our types do not.
      files: ['shared/model/ids.ts', 'shared/contract/**'],
      rules: { 'typescript/no-unsafe-type-assertion': 'off' },
    },
    { files: ['scripts/**'], rules: { 'no-console': 'off' } },
    // Tools read these files' default exports.
    { files: ['*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    ...inNoLayer,
    ...inLayers,
  ],
});
