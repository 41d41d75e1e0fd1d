// `npm run package`: a folder with the program for this system, checked after it was made.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled, projectEnvironment, projectNode } from './setup/install.mjs';
import { checkPackage } from './setup/packaged.mjs';
import { SetupError, inRoot } from './setup/paths.mjs';
import { presentElectron } from './setup/runtime.mjs';

const help = `Usage: npm run package -- [--output DIR]

Makes an unpacked program for this system in DIR (default dist/) and checks it. With an Electron runtime at hand
(ELECTRON_OVERRIDE_DIST_PATH, or the package's own) it is the program; without one a stub stands in for Electron,
and only the configuration is proven.
`;

/** @param {string} output */
async function makePackage(output) {
  ensureInstalled();
  ensureBuilt();
  const electron = presentElectron();
  if (electron === undefined && process.platform === 'darwin') {
    throw new SetupError(
      'There is no Electron runtime here, and no stub stands in for one on macOS. `npm start -- --desktop` gets it.',
    );
  }
  const { makeStubRuntime } = await import('./setup/stub-runtime.mjs');
  const runtime =
    electron === undefined
      ? await makeStubRuntime()
      : process.platform === 'darwin'
        ? inRoot('node_modules/electron/dist')
        : dirname(electron);
  try {
    const builder = inRoot('node_modules', 'electron-builder', 'cli.js');
    const args = [
      '--dir',
      `--${process.arch}`,
      `--config.electronDist=${runtime}`,
      `--config.directories.output=${output}`,
    ];
    const run = spawnSync(projectNode() ?? process.execPath, [builder, ...args], {
      cwd: inRoot(),
      env: { ...projectEnvironment(), CSC_IDENTITY_AUTO_DISCOVERY: 'false' },
      stdio: 'inherit',
    });
    if (run.status !== 0) throw new SetupError(`electron-builder ended with ${run.signal ?? `status ${run.status}`}.`);
    console.log(await checkPackage(output));
    if (electron === undefined) {
      console.log('This was made with a stub runtime: it proves the configuration only. The program in it cannot run.');
    }
  } finally {
    if (electron === undefined) rmSync(runtime, { recursive: true, force: true });
  }
}

try {
  const { values } = parseArgs({
    options: { output: { type: 'string', default: 'dist' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) process.stdout.write(help);
  else await makePackage(resolve(inRoot(), values.output));
} catch (error) {
  if (!(error instanceof SetupError) && !(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
