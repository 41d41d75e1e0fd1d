import { describeAxe } from './helpers/axe.ts';
import { states } from './helpers/states.ts';

// Beneath a menu or a dialog the table is the one that was judged by itself: live, selected, by keyboard, awkward and offline.
const hasJudgedTable = new Set([
  'nodes-columns-menu',
  'nodes-region-menu',
  'nodes-reading',
  'nodes-refused',
  'palette',
  'palette-found',
  'shortcuts',
  'problem-dialog',
]);

// A dozen rows have every kind of cell; forty would only take longer.
describeAxe('axe finds nothing', states, ({ name }) => ({
  height: 480,
  ...(hasJudgedTable.has(name) ? { exclude: '[role=grid]' } : {}),
}));
