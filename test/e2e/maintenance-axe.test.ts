import { describeAxe } from './helpers/axe.ts';
import { maintenanceStates } from './helpers/maintenance-states.ts';

// The table of nodes beneath a dialog has its own test.
describeAxe('axe finds nothing in the dialogs that act on nodes', maintenanceStates, () => ({
  width: 1280,
  height: 720,
  exclude: '[role=grid]',
}));
