import { expect, test } from 'vitest';
import {
  defaultSort,
  filterText,
  layoutText,
  noFilter,
  readFilter,
  readLayout,
  useView,
} from '../../../../renderer/state/view.ts';

test('what was written is read again', () => {
  const state = {
    ...useView.getState(),
    sort: { column: 'cpu', direction: 'descending' },
    hiddenColumns: ['uptime', 'tags'],
    filter: { builtIn: 'candidate', search: 'moment', statuses: ['failed'], tags: ['gen3'] },
  } as const;
  expect(readLayout(layoutText(state))).toEqual({ sort: state.sort, hiddenColumns: state.hiddenColumns });
  expect(readFilter(filterText(state))).toEqual({ ...state.filter, search: '' });
});

test('view settings of another version, or damaged ones, give the default', () => {
  for (const text of [null, '', '{', '[]', '{"sort":{"column":"gone"},"hiddenColumns":["gone",3]}']) {
    expect(readLayout(text)).toEqual({ sort: defaultSort, hiddenColumns: [] });
    expect(readFilter(text)).toEqual(noFilter);
  }
});
