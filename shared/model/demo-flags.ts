import { defaultDemoOptions, type DemoOptions } from './demo.ts';

/** The flags of the demo region, as every command line spells them: name, option, least, most, and what it takes in words. */
const flags = [
  // Three control nodes, and one that runs VMs.
  { flag: 'demo-nodes', option: 'nodes', least: 4, most: 5000 },
  { flag: 'demo-seed', option: 'seed', least: 0, most: 2 ** 31 - 1 },
  { flag: 'demo-speed', option: 'speed', least: 1, most: 1000 },
] as const;

/**
 * What a demo region begins with, from the values of its flags; a flag that is not given has its default.
 *
 * @returns the options, or a sentence that names the flag that is wrong.
 */
export function demoOptionsOf(values: Readonly<Record<string, unknown>>): DemoOptions | string {
  let options = defaultDemoOptions;
  for (const { flag, option, least, most } of flags) {
    const value = values[flag];
    if (value === undefined) continue;
    const number = typeof value === 'string' && /^\d{1,10}$/u.test(value) ? Number(value) : Number.NaN;
    if (!(number >= least && number <= most)) {
      return `--${flag} takes a whole number from ${String(least)} to ${String(most)}, not "${typeof value === 'string' ? value : ''}".`;
    }
    options = { ...options, [option]: number };
  }
  return options;
}
