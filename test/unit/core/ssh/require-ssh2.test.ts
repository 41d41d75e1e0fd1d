import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const module = fileURLToPath(new URL('../../../../electron/core/ssh/require-ssh2.ts', import.meta.url));

/** In a process of its own: a library is loaded once, and this one's workers may have it. */
const program = `
  const crypto = process.getBuiltinModule('node:crypto');
  const names = ['createCipheriv', 'createDecipheriv', 'createHmac'];
  const told = [];
  for (const name of names) {
    const real = crypto[name];
    crypto[name] = (algorithm, key, ...rest) => {
      told.push(key instanceof crypto.KeyObject ? 'object' : 'bytes');
      return real(algorithm, key, ...rest);
    };
  }
  const before = names.map((name) => crypto[name]);
  const { requireSsh2 } = await import(${JSON.stringify(module)});
  const { utils } = requireSsh2();
  const { private: text } = utils.generateKeyPairSync('ed25519', { passphrase: 'secret', cipher: 'aes256-ctr', rounds: 1 });
  const isOther = names.some((name, index) => crypto[name] !== before[index]);
  console.log(JSON.stringify({ told, isOther, type: utils.parseKey(text, 'secret').type }));
`;

test('ssh2 hands over its keys as objects, works with them, and nobody else gets its functions', () => {
  const answer = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  const { told, isOther, type } = JSON.parse(answer) as { told: string[]; isOther: boolean; type: string };
  expect([isOther, type]).toEqual([false, 'ssh-ed25519']);
  expect(told.length).toBeGreaterThan(1);
  expect(new Set(told)).toEqual(new Set(['object']));
});
