import { describeAxe } from './helpers/axe.ts';
import { regionStates } from './helpers/region-states.ts';

// The table of nodes beneath a dialog has its own test.
describeAxe('axe finds nothing in the first run, the regions and the settings', regionStates, () => ({
  width: 1280,
  height: 720,
  exclude: '[role=grid]',
}));
