import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * Runs a built main bundle as Electron would: `node run.ts out/main/main.js FLAGS…`. The parent talks over the process's channel
 * (see control.ts). Electron is not ready before the entry has been evaluated, so an entry that waits for it never ends.
 */
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron'
      ? { url: new URL('electron.ts', import.meta.url).href, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});

const [, , entry = '', ...flags] = process.argv;
process.argv = [process.execPath, process.cwd(), ...flags];
const { app } = await import('./app.ts');
const { listen } = await import('./control.ts');
listen();

const deadlock = setTimeout(() => {
  process.stderr.write('The entry waits at its top level: in Electron the app would never be ready.\n');
  process.exit(70);
}, 10_000);
await import(pathToFileURL(entry).href);
clearTimeout(deadlock);
// `app.exit` at the top level ends the process before it is ready.
setImmediate(() => {
  app.becomeReady();
});
