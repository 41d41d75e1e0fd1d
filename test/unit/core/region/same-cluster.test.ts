import { expect, test } from 'vitest';
import { otherCluster } from '../../../../electron/core/region/same-cluster.ts';
import { answerOf } from '../cluster/capture.ts';

const lab = answerOf('healthy/lab-c1');

test('the cluster that answered first is the region, through whichever of its control nodes and after a join', () => {
  expect(lab.clusterName).toBe('lab');
  expect(otherCluster(undefined, lab, 'a')).toBeUndefined();
  expect(otherCluster(lab, lab, 'b')).toBeUndefined();
  expect(otherCluster(lab, answerOf('joined/lab-c1'), 'b')).toBeUndefined();
});

test('a cluster of another name is not this region, though its nodes are called the same', () => {
  const problem = otherCluster(lab, { ...lab, clusterName: 'berlin' }, '192.0.2.1');
  expect(problem?.code).toBe('not-this-region');
  expect(problem?.message).toContain('192.0.2.1 belongs to another cluster: “berlin”');
});

test('a cluster of the same name with none of the members of before is not this region', () => {
  const members = lab.members.map((member) => ({ ...member, address: '198.51.100.7' }));
  expect(otherCluster(lab, { ...lab, members }, '192.0.2.1')?.code).toBe('not-this-region');
});

test('what could not be read, an address or the name, makes no cluster another one', () => {
  const blind = { ...lab, clusterName: null, members: lab.members.map((member) => ({ ...member, address: null })) };
  expect(otherCluster(lab, blind, 'a')).toBeUndefined();
  expect(otherCluster(blind, lab, 'a')).toBeUndefined();
});
