import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { DemoOptions } from '#shared/model/demo.ts';
import { demoOptionsOf } from '#shared/model/demo-flags.ts';
import { fail } from '#shared/problems.ts';
import { defaultDataFolder } from './data-folder.ts';

export interface Flags {
  /** Port of the browser shell on 127.0.0.1; 0 = any that is free. */
  readonly port: number;
  /** Whether to open the window or the browser, or only to say where it is. */
  readonly isOpening: boolean;
  /** Absolute. */
  readonly dataFolder: string;
  /** What a demo region begins with. */
  readonly demo: DemoOptions;
}

const known = {
  port: { type: 'string' },
  'no-open': { type: 'boolean' },
  'data-dir': { type: 'string' },
  'demo-nodes': { type: 'string' },
  'demo-seed': { type: 'string' },
  'demo-speed': { type: 'string' },
  // The launcher's own; passed on unchanged they mean nothing here.
  browser: { type: 'boolean' },
  desktop: { type: 'boolean' },
} as const;

const advice =
  'Flags: --port N (0 = any), --no-open, --data-dir DIR, --demo-nodes N, --demo-seed N, --demo-speed N. `npm start -- --help` lists all of them.';

function read(args: readonly string[], isStrict: boolean): { readonly values: Readonly<Record<string, unknown>> } {
  try {
    return parseArgs({ args: [...args], options: known, strict: isStrict, allowPositionals: !isStrict });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return fail({ code: 'invalid-input', message, advice }, error);
  }
}

function portOf(value: unknown): number {
  if (value === undefined) return 0;
  const text = typeof value === 'string' ? value : '';
  if (/^\d{1,5}$/u.test(text) && Number(text) <= 65_535) return Number(text);
  return fail({ code: 'invalid-input', message: `--port ${text}: a port is 0 to 65535.`, advice });
}

/**
 * The flags both shells know. `isStrict`: anything else is `invalid-input`; the desktop is not strict, because Chromium has
 * switches of its own on the same command line.
 */
export function parseFlags(args: readonly string[], isStrict: boolean): Flags {
  const { values } = read(args, isStrict);
  const folder = values['data-dir'];
  if (folder !== undefined && (typeof folder !== 'string' || folder === '')) {
    return fail({ code: 'invalid-input', message: '--data-dir needs a folder.', advice });
  }
  const demo = demoOptionsOf(values);
  if (typeof demo === 'string') return fail({ code: 'invalid-input', message: demo, advice });
  return {
    port: portOf(values['port']),
    isOpening: values['no-open'] !== true,
    dataFolder: folder === undefined ? defaultDataFolder() : resolve(folder),
    demo,
  };
}
