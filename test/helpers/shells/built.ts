import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The built program, built now if it is stale; `RACKSIDE_OUT` names another build to test. */
export function builtFolder(): string {
  const named = process.env['RACKSIDE_OUT'] ?? '';
  if (named !== '') return resolve(named);
  const builder = pathToFileURL(resolve('scripts/setup/build.mjs')).href;
  const script = `const { ensureBuilt } = await import('${builder}'); ensureBuilt();`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'inherit'] });
  return join(resolve('.'), 'out');
}
