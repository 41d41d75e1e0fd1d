import type { DemoFault } from '../model/demo.ts';
import type { RegionId } from '../model/ids.ts';
import type { RegionProfile } from '../model/region.ts';

export interface DemoCalls {
  /** The demo region of this data folder, added where there is none. `regions.open` starts it, as it opens any region. */
  'demo.add': { input: Record<string, never>; output: RegionProfile };
  /** Ends the simulated region with everything kept of it, and adds a new one. What it changed ends with it. */
  'demo.reset': { input: Record<string, never>; output: RegionProfile };
  /** @throws `region-not-open`, `demo-ended`, `demo-fault-refused`. */
  'demo.inject': { input: { readonly regionId: RegionId; readonly fault: DemoFault }; output: null };
  /** What was let go wrong since the demo began, or since its last heal, by whichever page; the oldest first, each once. A sleep is over by itself. */
  'demo.faults': { input: { readonly regionId: RegionId }; output: readonly DemoFault[] };
}
