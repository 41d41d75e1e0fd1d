import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRedactor, redacted } from '../../../../electron/core/log/redaction.ts';
import { sanitise } from '../../../../electron/core/log/sanitise.ts';

const canary = 'Zq7"\\ö canary/+&%?';

test('R26: a secret is replaced in every form in which it can stand in a text', () => {
  const redactor = createRedactor();
  redactor.addSecret(canary);
  const json = JSON.stringify({ answer: canary });
  const forms = [
    canary,
    json,
    JSON.stringify({ inner: json }),
    encodeURIComponent(canary),
    new URLSearchParams({ q: canary }).toString(),
    Buffer.from(canary).toString('base64'),
    Buffer.from(canary).toString('base64url'),
    Buffer.from(canary).toString('hex'),
    Buffer.from(`root:${canary}`).toString('base64'),
    Buffer.from(`ab:${canary}:x`).toString('base64'),
    Buffer.from(`abc:${canary}:xyz`).toString('base64'),
  ];
  expect(forms.filter((form) => redactor.redact(`before ${form} after`).includes(redacted))).toEqual(forms);
  expect(forms.map((form) => redactor.redact(form)).join(' ')).not.toMatch(/canary|Zq7/);
});

test('R26: whatever the secret and whatever stands around it, the text shows it in no form', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 6, unit: 'grapheme' }), fc.string(), fc.string(), (secret, before, after) => {
      const redactor = createRedactor();
      redactor.addSecret(secret);
      const shown = redactor.redact(`${before}${secret}${after}`);
      // The mark itself may contain a very plain secret.
      expect(shown.replaceAll(redacted, '').includes(secret)).toBe(false);
      const base64 = Buffer.from(`${before}${secret}${after}`).toString('base64');
      expect(redactor.redact(base64)).not.toBe(base64);
    }),
  );
});

test('R26: a secret of several lines is replaced line by line, and a private key that nobody told of as a whole', () => {
  const redactor = createRedactor();
  const line = 'b3BlbnNzaC1rZXktdjEAAAAABG5vbmU';
  redactor.addSecret(`first line of the secret\n${line}\n`);
  expect(redactor.redact(`x ${line} y`)).toBe(`x ${redacted} y`);
  const key = `-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----`;
  expect(redactor.redact(`read ${key}.`)).toBe(`read ${redacted}.`);
});

test('R26: a value is a secret by its name, in a field and in a text', () => {
  const redactor = createRedactor();
  const shown = sanitise(
    {
      user: 'root',
      password: 'p1',
      nested: { sudoPassword: 'p2', keyFile: '/k', apiToken: ['p3'] },
      hasPassword: true,
    },
    redactor,
  );
  expect(shown).toEqual({
    user: 'root',
    password: redacted,
    nested: { sudoPassword: redacted, keyFile: '/k', apiToken: redacted },
    hasPassword: true,
  });
  expect(redactor.redact('GET http://127.0.0.1:9/?t=abc HTTP, password=p4, "token": "p5"')).toBe(
    `GET http://127.0.0.1:9/?t=${redacted} HTTP, password=${redacted}, "token": "${redacted}"`,
  );
});

test('R26: errors, causes, keys, numbers and long texts are redacted before they are shown', () => {
  const redactor = createRedactor();
  redactor.addSecret('tr0ub4dor');
  redactor.addSecret('473829');
  const cause = Object.assign(new Error('inner tr0ub4dor'), { code: 'E', detail: { deep: 'tr0ub4dor' } });
  const shown = JSON.stringify(
    sanitise(
      {
        error: new Error('outer tr0ub4dor', { cause }),
        tr0ub4dor: 1,
        pin: 473_829,
        long: `${'x'.repeat(16_380)}tr0ub4dor`,
        map: new Map([['tr0ub4dor', new Set(['tr0ub4dor'])]]),
        bytes: Buffer.from('tr0ub4dor'),
      },
      redactor,
    ),
  );
  expect(shown).not.toMatch(/tr0u|473829/);
  expect(shown).toContain('"code":"E"');
  expect(shown).toContain('[9 bytes]');
});

test('a very short secret is replaced as a word only, so that it does not eat the text', () => {
  const redactor = createRedactor();
  redactor.addSecret('a1');
  expect(redactor.redact('a1 is a1b2')).toBe(`${redacted} is a1b2`);
});

test('a secret that was given twice is forgotten when both have forgotten it', () => {
  const redactor = createRedactor();
  const first = redactor.addSecret('hunter22');
  const second = redactor.addSecret('hunter22');
  first();
  first();
  expect(redactor.redact('hunter22')).toBe(redacted);
  second();
  expect(redactor.redact('hunter22')).toBe('hunter22');
});
