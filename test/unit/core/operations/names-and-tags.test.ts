import { memberId } from '#shared/model/ids.ts';
import { describe, expect, test } from 'vitest';
import {
  changeTags,
  overrideBrake,
  rename,
  requireTyped,
  setLimits,
} from '../../../../electron/core/operations/names-and-tags.ts';
import { decodeValue } from '../../../../electron/core/cluster/pacemaker/read/record-value.ts';
import { problemOf, type Problem } from '../../../../shared/problems.ts';
import { frankfurt } from '../../../e2e/helpers/region.ts';
import { now, recordsDouble, type RecordsDouble } from './small-changes-double.ts';

const regionId = frankfurt.id;
const c1 = { regionId, nodeId: memberId('lab-c1') };
const c2 = { regionId, nodeId: memberId('lab-c2') };

const tag = (add: readonly string[], remove: readonly string[] = []) => ({ ...c1, add, remove });
const named = (name: string, expectedName: string, description = '', expectedDescription = '') => ({
  ...c1,
  name,
  description,
  expectedName,
  expectedDescription,
});

const tagsOf = ({ records }: RecordsDouble): readonly string[] =>
  decodeValue(records.get('lab-c1/rackside-tags') ?? '')?.texts('tags') ?? [];
const nameOf = ({ records }: RecordsDouble): string | null =>
  decodeValue(records.get('lab-c1/rackside-name') ?? '')?.text('name') ?? null;

async function refusal(work: Promise<unknown>): Promise<Problem> {
  const error: unknown = await work.then(
    () => new Error('a refusal was expected, but it was done'),
    (thrown: unknown) => thrown,
  );
  const problem = problemOf(error);
  if (problem === undefined) throw error;
  return problem;
}

/** No write arrives before so many are on their way: each has read what stood there before any of the others. */
function meet(cluster: RecordsDouble, laptops: number): void {
  const all = Promise.withResolvers<void>();
  let here = 0;
  cluster.beforeWrite = () => {
    here += 1;
    if (here === laptops) all.resolve();
    return all.promise;
  };
}

describe('tags', () => {
  test('R5: that two laptops add at once both stay', async () => {
    const cluster = recordsDouble();
    meet(cluster, 2);
    await Promise.all([changeTags(cluster.laptop(), tag(['rack 7'])), changeTags(cluster.laptop(), tag(['dusty']))]);
    expect(tagsOf(cluster).toSorted()).toEqual(['dusty', 'rack 7']);
  });

  test('that five laptops add and remove at once are all added and removed', async () => {
    const cluster = recordsDouble();
    await changeTags(cluster.laptop(), tag(['old', 'stays']));
    meet(cluster, 5);
    await Promise.all([
      changeTags(cluster.laptop(), tag([], ['old'])),
      ...['a', 'b', 'c', 'd'].map((one) => changeTags(cluster.laptop(), tag([one]))),
    ]);
    expect(tagsOf(cluster).toSorted()).toEqual(['a', 'b', 'c', 'd', 'stays']);
  });

  test('that are there already, or not there to be removed, are no write', async () => {
    const cluster = recordsDouble();
    await changeTags(cluster.laptop(), tag(['café']));
    const laptop = cluster.laptop();
    await changeTags(laptop, tag(['cafe\u0301'], ['never there']));
    expect([cluster.written.length, laptop.done, tagsOf(cluster)]).toEqual([1, [], ['café']]);
  });

  test('somebody who changes them again and again is no reason to go on for ever, and nothing is lost', async () => {
    const cluster = recordsDouble();
    let others = 0;
    cluster.beforeWrite = async () => {
      cluster.beforeWrite = () => Promise.resolve();
      others += 1;
      await changeTags(cluster.laptop(), tag([`other ${others}`]));
      cluster.beforeWrite = again;
    };
    const again = cluster.beforeWrite;
    expect((await refusal(changeTags(cluster.laptop(), tag(['mine'])))).code).toBe('changed-meanwhile');
    expect(tagsOf(cluster)).toEqual(['other 1', 'other 2', 'other 3', 'other 4', 'other 5']);
  });
});

describe('a name', () => {
  test('is written beside its description, in one transaction, and the hostname stays', async () => {
    const cluster = recordsDouble();
    const laptop = cluster.laptop();
    await rename(laptop, named('Anders', 'lab-c1', 'left of the door'));
    expect(cluster.written).toHaveLength(1);
    expect(laptop.region.row(c1.nodeId)).toMatchObject({ name: 'Anders', hostname: 'lab-c1' });
    expect(laptop.done).toEqual(['lab-c1 is called “Anders” now']);
  });

  test('that somebody else gave meanwhile is told, and not written over', async () => {
    const cluster = recordsDouble();
    await rename(cluster.laptop(), named('Berta', 'lab-c1', 'the quiet one'));
    const problem = await refusal(rename(cluster.laptop(), named('Anders', 'lab-c1')));
    expect(problem).toMatchObject({
      code: 'changed-meanwhile',
      message: 'lab-c1 was renamed by somebody else meanwhile: it is called “Berta”, “the quiet one” now.',
    });
    expect(nameOf(cluster)).toBe('Berta');
    // Its description alone is an edit, too.
    expect((await refusal(rename(cluster.laptop(), named('Anders', 'Berta')))).code).toBe('changed-meanwhile');
    await rename(cluster.laptop(), named('Anders', 'Berta', '', 'the quiet one'));
    expect(nameOf(cluster)).toBe('Anders');
  });

  test('R5: that two laptops give in the same second: exactly one is given, the other is told', async () => {
    const cluster = recordsDouble();
    meet(cluster, 2);
    const ends = await Promise.allSettled(
      ['Anders', 'Berta'].map((name) => rename(cluster.laptop(), named(name, 'lab-c1'))),
    );
    const won = ends.findIndex(({ status }) => status === 'fulfilled');
    const [lost] = ends.flatMap((end) => (end.status === 'rejected' ? [problemOf(end.reason)?.code] : []));
    expect([lost, cluster.written.length, nameOf(cluster)]).toEqual(['changed-meanwhile', 1, ['Anders', 'Berta'][won]]);
  });

  test('that two laptops give two nodes in the same second: exactly one is given, the other is told', async () => {
    const cluster = recordsDouble();
    meet(cluster, 2);
    const ends = await Promise.allSettled([
      rename(cluster.laptop(), named('Anders', 'lab-c1')),
      rename(cluster.laptop(), { ...named('Anders', 'lab-c2'), ...c2 }),
    ]);
    const codes = ends.map((end) => (end.status === 'rejected' ? problemOf(end.reason)?.code : 'done'));
    expect([new Set(codes), cluster.written.length]).toEqual([new Set(['changed-meanwhile', 'done']), 1]);
    const names = ['lab-c1', 'lab-c2'].filter((node) => cluster.records.has(`${node}/rackside-name`));
    expect(names).toHaveLength(1);
  });

  test.each([
    ['the name alone', 'Anders', 'same', 'Berta', 'same'],
    ['the description alone', 'Start', 'left', 'Start', 'right'],
    ['one the name, one the description', 'Anders', 'same', 'Start', 'right'],
  ])('R5: %s changed by two at once: exactly one is written', async (_what, nameA, textA, nameB, textB) => {
    const cluster = recordsDouble();
    await rename(cluster.laptop(), named('Start', 'lab-c1', 'same'));
    meet(cluster, 2);
    const ends = await Promise.allSettled([
      rename(cluster.laptop(), named(nameA, 'Start', textA, 'same')),
      rename(cluster.laptop(), named(nameB, 'Start', textB, 'same')),
    ]);
    const codes = ends.map((end) => (end.status === 'rejected' ? problemOf(end.reason)?.code : 'done'));
    expect([new Set(codes), cluster.written.length]).toEqual([new Set(['done', 'changed-meanwhile']), 2]);
  });

  test.each([
    ['another node’s hostname in capitals', 'LAB-C2', null],
    ['another node’s name in other letters', 'ÉCLAIR', 'éclair'],
    ['another node’s name composed otherwise', 'e\u0301clair', 'éclair'],
    ['another node’s name with blanks around it', '  éclair ', 'éclair'],
  ])('that is %s is taken', async (_what, name, others) => {
    const cluster = recordsDouble();
    if (others !== null) await rename(cluster.laptop(), { ...named(others, 'lab-c2'), ...c2 });
    const laptop = cluster.laptop();
    const before = cluster.written.length;
    expect(await refusal(rename(laptop, named(name, 'lab-c1')))).toMatchObject({
      code: 'name-taken',
      message: expect.stringContaining('lab-c2') as string,
    });
    expect(cluster.written).toHaveLength(before);
  });

  test('may change its own capitals, and may be its own hostname again', async () => {
    const cluster = recordsDouble();
    await rename(cluster.laptop(), named('anders', 'lab-c1'));
    await rename(cluster.laptop(), named('ANDERS', 'anders'));
    await rename(cluster.laptop(), named('lab-c1', 'ANDERS'));
    expect(nameOf(cluster)).toBe('lab-c1');
  });

  test.each([
    '"/><primitive id="x',
    '$(reboot); `halt` && rm -rf / #',
    '<!--]]>&lt;&#0;',
    "it's “so” — 名前 🜁 ‮evil",
    `${'x'.repeat(79)}"`,
  ])('%j is only text: nothing but base64url is written, and it is read back as it was', async (text) => {
    const cluster = recordsDouble();
    await rename(cluster.laptop(), named(text, 'lab-c1', text));
    await changeTags(cluster.laptop(), tag([text]));
    for (const xml of cluster.written) {
      expect([...xml.matchAll(/value="([^"]*)"/gu)].every(([, value = '']) => /^[\w-]+$/u.test(value))).toBe(true);
      expect(xml).not.toContain(text);
    }
    const { displayName, description, tags } = cluster.laptop().region.answer()?.records.nodes['lab-c1'] ?? {};
    expect([displayName, description, tags]).toEqual([text, text, [text.normalize('NFC')]]);
  });
});

describe('whatever is changed', () => {
  const changes: readonly [string, (cluster: RecordsDouble) => Promise<unknown>][] = [
    ['a name', (cluster) => rename(cluster.laptop(), named('Anders', 'lab-c1'))],
    ['tags', (cluster) => changeTags(cluster.laptop(), tag(['rack 7']))],
    ['limits', (cluster) => setLimits(cluster.laptop(), { regionId, maxOutOfService: 2, maxMovesAtOnce: null })],
  ];

  test.each(changes)('R2: %s is not written without quorum, and that is told', async (_what, change) => {
    const cluster = recordsDouble();
    cluster.beforeWrite = () => {
      cluster.isQuorate = false;
      return Promise.resolve();
    };
    expect((await refusal(change(cluster))).code).toBe('no-quorum');
    expect(cluster.written).toEqual([]);
  });

  test.each(changes)('%s is not called done where the answer was lost', async (_what, change) => {
    const cluster = recordsDouble();
    cluster.losesAnswer = true;
    expect((await refusal(change(cluster))).code).toBe('connection-lost');
  });

  test('a node that is gone in the meantime is not made again', async () => {
    const cluster = recordsDouble();
    cluster.beforeWrite = () => {
      cluster.gone.add('lab-c1');
      return Promise.resolve();
    };
    await refusal(rename(cluster.laptop(), named('Anders', 'lab-c1')));
    await refusal(changeTags(cluster.laptop(), tag(['rack 7'])));
    expect(cluster.written).toEqual([]);
  });

  test('is refused in the words of the interface where the region is read only', async () => {
    const cluster = recordsDouble();
    const laptop = cluster.laptop({ readOnlyBecause: 'Pacemaker 3.0.0 was not tested' });
    for (const work of [
      rename(laptop, named('Anders', 'lab-c1')),
      changeTags(laptop, tag(['rack 7'])),
      setLimits(laptop, { regionId, maxOutOfService: 2, maxMovesAtOnce: 2 }),
    ]) {
      expect(await refusal(work)).toMatchObject({
        code: 'not-available',
        message: expect.stringContaining('Pacemaker 3.0.0 was not tested') as string,
      });
    }
    expect(cluster.written).toEqual([]);
  });
});

describe('the region’s limits', () => {
  const limits = ({ records }: RecordsDouble) => {
    const value = decodeValue(records.get('/rackside-limits') ?? '');
    return [value?.number('maxOutOfService'), value?.number('maxMovesAtOnce')];
  };

  test('are set one by one, and the other stays', async () => {
    const cluster = recordsDouble();
    await setLimits(cluster.laptop(), { regionId, maxOutOfService: 3, maxMovesAtOnce: null });
    await setLimits(cluster.laptop(), { regionId, maxOutOfService: null, maxMovesAtOnce: 4 });
    expect(limits(cluster)).toEqual([3, 4]);
  });

  test('R5: that two laptops set at once: one is told to look again', async () => {
    const cluster = recordsDouble();
    meet(cluster, 2);
    const ends = await Promise.allSettled([
      setLimits(cluster.laptop(), { regionId, maxOutOfService: 3, maxMovesAtOnce: null }),
      setLimits(cluster.laptop(), { regionId, maxOutOfService: null, maxMovesAtOnce: 4 }),
    ]);
    const codes = ends.map((end) => (end.status === 'rejected' ? problemOf(end.reason)?.code : 'done'));
    expect(new Set(codes)).toEqual(new Set(['changed-meanwhile', 'done']));
    expect(cluster.written).toHaveLength(1);
  });
});

describe('R14: the brake', () => {
  const brake = { since: now, nodes: ['lab-c1', 'lab-c2'], words: '', liftedUntil: null };

  test('is lifted by the region’s name alone', async () => {
    const laptop = recordsDouble().laptop({ brake });
    const lift = async (typedName: string) => overrideBrake(laptop, { regionId, typedName });
    expect((await refusal(lift('frankfurt 2'))).code).toBe('name-mismatch');
    expect(laptop.isLifted).toBe(false);
    await lift(' Frankfurt 2 ');
    expect(laptop.isLifted).toBe(true);
    expect(laptop.done[0]).toContain('lab-c1, lab-c2');
  });

  test('that does not hold cannot be lifted in advance', async () => {
    const laptop = recordsDouble().laptop();
    const lift = async () => overrideBrake(laptop, { regionId, typedName: 'Frankfurt 2' });
    expect((await refusal(lift())).code).toBe('not-available');
    expect(laptop.isLifted).toBe(false);
  });
});

test('a typed name is the name whatever its letters are composed of, and nothing else is', () => {
  requireTyped('Cafe\u0301 7 ', 'Café 7', 'the node');
  for (const typed of ['café 7', 'Café', '', 'Café 7x'])
    expect(() => requireTyped(typed, 'Café 7', 'the node')).toThrow('it is Café 7');
});
