import { expect, test } from 'vitest';
import { printedElement } from '../../../electron/demo/world/xml-tree.ts';
import { stillDemo } from './still-demo.ts';

test('what is kept of the printed configuration is never older than the configuration', () => {
  const { cib } = stillDemo().world;
  const node = '/cib/configuration/nodes/node[@id="demo-w01"]';
  const standby = (value: string) =>
    `<instance_attributes id="nodes-demo-w01"><nvpair id="a" name="standby" value="${value}"/></instance_attributes>`;
  const set = `${node}/instance_attributes/nvpair[@id="a"]`;
  const isAsPrintedAnew = () => cib.configurationText === printedElement(cib.configuration, '  ');
  const before = cib.configurationText;
  const changes = [
    () => cib.modify(node, `<node id="demo-w01">${standby('on')}</node>`),
    () => cib.modify(node, `<node id="demo-w01">${standby('off')}</node>`),
    () => cib.replace(set, '<nvpair id="a" name="standby" value="later"/>'),
    () => cib.delete(set),
    () =>
      cib.modify(
        '/cib/configuration',
        '<configuration><constraints><rsc_location id="b"/></constraints></configuration>',
      ),
    () => cib.delete('/cib/configuration/constraints/rsc_location[@id="b"]'),
  ];
  for (const change of changes) {
    const last = cib.configurationText;
    const tried = cib.trial(() => [change().status, cib.configurationText]);
    expect([isAsPrintedAnew(), cib.configurationText === last, tried[1] === last]).toEqual([true, true, false]);
    expect([change().status, isAsPrintedAnew()]).toEqual([0, true]);
  }
  expect(cib.configurationText).toBe(before);
});
