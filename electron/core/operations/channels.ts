import type { RegionAccess } from '../region/region-access.ts';
import type { SectionChannel } from '../ssh/sections.ts';

/** Scripts of sections on the control node that answers. */
export function controlOf(region: Pick<RegionAccess, 'onControl'>): SectionChannel {
  return { run: (command, options) => region.onControl(command, options) };
}

/** Scripts of sections on one node. */
export function nodeOf(region: Pick<RegionAccess, 'onNode'>, name: string): SectionChannel {
  return { run: (command, options) => region.onNode(name, command, options) };
}
