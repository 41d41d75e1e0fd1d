import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Electron's fuses lie in its binary: this text, the version of the wire, its length, one byte a fuse (0x30 off, 0x31 on). */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/**
 * A folder that electron-builder takes for an unpacked Electron: it proves what we configure, and nothing that Electron does.
 *
 * @returns {Promise<string>} the folder; the caller deletes it
 */
export async function makeStubRuntime() {
  const { createPackage } = await import('@electron/asar');
  const folder = mkdtempSync(join(tmpdir(), 'rackside-stub-runtime-'));
  const resources = join(folder, 'resources');
  mkdirSync(resources);
  mkdirSync(join(folder, 'locales'));
  writeFileSync(join(folder, 'locales', 'en-US.pak'), '');
  // As they are in Electron 45: run-as-node, options and inspection allowed, the rest off; one fuse more than we know.
  const wire = Buffer.concat([Buffer.from(sentinel), Buffer.from([1, 9]), Buffer.from('101100011')]);
  const name = process.platform === 'win32' ? 'electron.exe' : 'electron';
  writeFileSync(join(folder, name), Buffer.concat([Buffer.from('a stub, not Electron\n'), wire, Buffer.from('\n')]), {
    mode: 0o755,
  });
  const app = join(folder, 'default-app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{}');
  await createPackage(app, join(resources, 'default_app.asar'));
  return folder;
}
