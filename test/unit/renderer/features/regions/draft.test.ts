import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { regionId } from '#shared/model/ids.ts';
import { inputSchemas } from '#shared/contract/schemas.ts';
import type { RegionProfile } from '#shared/model/region.ts';
import {
  addressText,
  draftOf,
  emptyDraft,
  emptyLogin,
  readAddress,
  withImported,
} from '../../../../../renderer/features/regions/form/draft.ts';
import { errorsOf, toRegion } from '../../../../../renderer/features/regions/form/to-region.ts';
import { typedSecrets, withoutSecrets } from '../../../../../renderer/features/regions/form/typed-secrets.ts';

const profile: RegionProfile = {
  id: regionId('r1'),
  name: 'Frankfurt 2',
  colour: 'teal',
  seeds: [
    { host: '10.42.0.11', port: 2222 },
    { host: 'fd00::11', port: 22 },
  ],
  login: {
    user: 'rackadm',
    port: 2222,
    methods: [
      { kind: 'private-key', keyFile: '/home/tech/a' },
      { kind: 'private-key', keyFile: '/home/tech/b' },
      { kind: 'agent' },
      { kind: 'password' },
    ],
  },
  jumps: [
    { host: 'jump', port: 2022, login: { user: 'hop', port: 2022, methods: [{ kind: 'keyboard-interactive' }] } },
  ],
  nodeLogins: { 'fra2-r01-n05': { user: 'root', port: 22, methods: [{ kind: 'password' }] } },
  demoLabel: null,
};

/** What the contract says of a draft, at the fields of the form. */
function judged(draft: Parameters<typeof toRegion>[0]) {
  const { region, places } = toRegion(draft);
  const parsed = inputSchemas['regions.add'].safeParse(region);
  if (parsed.success) return {};
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  return errorsOf({ code: 'invalid-input', message: '', advice: '', evidence: { kind: 'input', issues } }, places);
}

describe('addresses', () => {
  test.each([
    ['10.42.0.11', { host: '10.42.0.11', port: 22 }],
    [' node.example.net:2222 ', { host: 'node.example.net', port: 2222 }],
    ['fd00::11', { host: 'fd00::11', port: 22 }],
    ['[fd00::11]:2222', { host: 'fd00::11', port: 2222 }],
    ['[fd00::11]', { host: 'fd00::11', port: 22 }],
    ['node:', { host: 'node', port: 22 }],
    ['node:ssh', { host: 'node', port: Number.NaN }],
  ])('%s is read as %o', (text, address) => {
    expect(readAddress(text, 22)).toEqual(address);
  });

  test('what is written is read back, whatever the usual port is', () => {
    const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain());
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(host, port, port, (name, number, usual) => {
        const address = { host: name, port: number };
        expect(readAddress(addressText(address, usual), usual)).toEqual(address);
      }),
    );
  });
});

describe('the form', () => {
  test('a region that is edited and sent unchanged stays what it was', () => {
    const { id: _id, demoLabel: _demoLabel, ...rest } = profile;
    expect(toRegion(draftOf(profile)).region).toEqual(rest);
  });

  test('a new region wears a colour that no other wears', () => {
    expect(emptyDraft([profile, { ...profile, colour: 'violet' }]).colour).toBe('amber');
  });

  test('every refusal of the contract stands at the field it is about', () => {
    const draft = {
      ...emptyDraft([]),
      seeds: ['', '10.42.0.11', 'node:70000', 'a b'],
      port: 'ssh',
      login: { ...emptyLogin, user: 'two words', usesKey: true, keyFiles: ['', ''] },
      jumps: [{ key: 7, address: '', login: { ...emptyLogin, user: '', usesAgent: false } }],
      nodeLogins: [{ key: 9, name: 'fra2-r01-n05', port: '0', login: emptyLogin }],
    };
    expect(judged(draft)).toEqual({
      name: 'Give the region a name.',
      'seed.1': 'A port is a whole number.',
      'seed.2': 'A port is 1 to 65535.',
      'seed.3': 'An address has letters, digits, dots, hyphens and colons only.',
      user: 'A user name has no spaces, quotes, colons or slashes.',
      port: 'A port is a whole number.',
      'key.0': 'Choose a key file.',
      'jump.7.address': 'Enter an address or a host name.',
      'jump.7.user': 'Enter a user name.',
      'jump.7.methods': 'Choose at least one way to log in.',
      'node.9.port': 'A port is 1 to 65535.',
    });
  });

  test('without any address, the first field for one says so', () => {
    const draft = { ...emptyDraft([]), name: 'A' };
    expect(judged(draft)).toEqual({ 'seed.0': 'Enter the address of at least one control node.' });
  });

  test('a change is refused at the same fields, though its paths begin with “region”', () => {
    const { places } = toRegion(emptyDraft([]));
    const issues = [{ path: 'region.login.user', message: 'Enter a user name.' }];
    const problem = { code: 'invalid-input', message: '', advice: '', evidence: { kind: 'input', issues } } as const;
    expect(errorsOf(problem, places)).toEqual({ user: 'Enter a user name.' });
  });

  test('a name that is taken stands at the name; a broken link stands at no field', () => {
    const { places } = toRegion(emptyDraft([]));
    const taken = errorsOf({ code: 'region-name-taken', message: 'There is one.', advice: 'Choose another.' }, places);
    expect(taken).toEqual({ name: 'There is one. Choose another.' });
    expect(errorsOf({ code: 'connection-lost', message: '', advice: '' }, places)).toBeUndefined();
  });
});

describe('what ~/.ssh/config says', () => {
  const found = {
    host: '10.42.0.11',
    port: 2222,
    user: 'rackadm',
    keyFiles: ['/home/tech/.ssh/fra'],
    jumps: [
      { host: 'gate', port: 2022, user: 'hop', keyFiles: ['/home/tech/.ssh/gate'] },
      { host: 'jump', port: 22, user: null, keyFiles: [] },
    ],
    from: ['/home/tech/.ssh/config:3'],
  };

  test('fills in address, user, keys and jump hosts, and takes the typed name for the region’s', () => {
    const { jumps, ...draft } = withImported(emptyDraft([]), 'fra2', found);
    expect(draft).toEqual({
      ...emptyDraft([]),
      jumps: undefined,
      name: 'fra2',
      seeds: ['10.42.0.11:2222'],
      login: { ...emptyLogin, user: 'rackadm', usesKey: true, keyFiles: ['/home/tech/.ssh/fra'] },
    });
    expect(jumps.map(({ address }) => address)).toEqual(['gate:2022', 'jump']);
  });

  test('a jump host has its own user and keys; where the file names none it is like one just added, never like the target', () => {
    const { jumps } = withImported(emptyDraft([]), 'fra2', found);
    expect(jumps.map(({ login }) => login)).toEqual([
      { ...emptyLogin, user: 'hop', usesKey: true, keyFiles: ['/home/tech/.ssh/gate'] },
      emptyLogin,
    ]);
  });

  test('takes away nothing that was typed, and adds no address twice', () => {
    const typed = { ...emptyDraft([]), name: 'Mine', seeds: ['10.42.0.12', '10.42.0.11:2222'] };
    const draft = withImported(typed, 'fra2', { ...found, user: null, keyFiles: [], jumps: [] });
    expect(draft).toEqual(typed);
  });
});

describe('secrets', () => {
  const draft = {
    ...draftOf(profile),
    isRemembered: true,
    login: { ...draftOf(profile).login, password: 'one', sudoPassword: 'two' },
    jumps: draftOf(profile).jumps.map((jump) => ({
      ...jump,
      login: { ...jump.login, usesPassword: true, password: 'three' },
    })),
    nodeLogins: draftOf(profile).nodeLogins.map((node) => ({ ...node, login: { ...node.login, password: 'four' } })),
  };

  test('each goes to the scope that the core asks with: the region’s, the jump host’s, the node’s', () => {
    expect(typedSecrets(profile.id, toRegion(draft).region, draft)).toEqual([
      { kind: 'password', scope: 'r1', user: 'rackadm', host: '10.42.0.11', value: 'one', remember: true },
      { kind: 'sudo-password', scope: 'r1', user: 'rackadm', host: '10.42.0.11', value: 'two', remember: true },
      { kind: 'password', scope: 'r1/jump/jump', user: 'hop', host: 'jump', value: 'three', remember: true },
      {
        kind: 'password',
        scope: 'r1/node/fra2-r01-n05',
        user: 'root',
        host: 'fra2-r01-n05',
        value: 'four',
        remember: true,
      },
    ]);
  });

  test('a password that was typed and then not used is not sent', () => {
    const unused = {
      ...draft,
      jumps: [],
      nodeLogins: [],
      login: { ...draft.login, usesPassword: false, sudoPassword: '' },
    };
    expect(typedSecrets(profile.id, toRegion(unused).region, unused)).toEqual([]);
  });

  test('none is in the draft that is kept while the dialog is closed', () => {
    expect(JSON.stringify(withoutSecrets(draft))).not.toMatch(/one|two|three|four/u);
  });
});
