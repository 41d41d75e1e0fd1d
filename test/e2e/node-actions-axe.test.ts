import { actionStates } from './helpers/action-states.ts';
import { describeAxe } from './helpers/axe.ts';

// The cells of the table have their own test; the rows' buttons are judged once.
describeAxe('axe finds nothing where nodes are acted on', actionStates, ({ name }) => ({
  height: 480,
  ...(name === 'actions-bar-mixed' ? {} : { exclude: '[role=grid]' }),
}));
