import { describeAxe } from './helpers/axe.ts';
import { operationStates } from './helpers/operation-states.ts';

// The table of nodes behind them has tests of its own.
describeAxe('axe finds nothing on the pages of operations', operationStates, () => ({
  height: 720,
  exclude: '[role=grid]',
}));
