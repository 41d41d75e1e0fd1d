import { expect, test } from 'vitest';
import type { CallEnvelope, RequestMessage } from '#shared/contract/contract.ts';
import { problemOf } from '#shared/problems.ts';
import { createClient } from '../../../../renderer/api/client.ts';
import { desktopTransport } from '../../../../renderer/api/desktop-transport.ts';
import type { Transport } from '../../../../renderer/api/transport.ts';

function transport(invoke: (message: RequestMessage) => Promise<CallEnvelope>): Transport {
  return { invoke, subscribe: () => () => undefined, onLink: () => () => undefined, close: () => undefined };
}

const codeOf = async (promise: Promise<unknown>): Promise<string | undefined> => {
  try {
    await promise;
    return 'no problem';
  } catch (error) {
    return problemOf(error)?.code;
  }
};

test('a call answers its value, and a refusal throws the core’s problem', async () => {
  const client = createClient(
    transport((message) =>
      Promise.resolve(
        message.kind === 'call' && message.name === 'regions.list'
          ? { ok: true, value: [] }
          : { ok: false, problem: { code: 'region-not-open', message: 'm', advice: 'a' } },
      ),
    ),
  );
  expect(await client.call('regions.list', {})).toEqual([]);
  expect(await codeOf(client.call('settings.get', {}))).toBe('region-not-open');
});

test('an aborted call tells the core, and ends as cancelled without waiting for it', async () => {
  const sent: RequestMessage[] = [];
  const { promise: never } = Promise.withResolvers<CallEnvelope>();
  const client = createClient(
    transport((message) => {
      sent.push(message);
      return message.kind === 'cancel' ? Promise.resolve({ ok: true, value: null }) : never;
    }),
  );
  const controller = new AbortController();
  const call = client.call('regions.list', {}, controller.signal);
  controller.abort();
  expect(await codeOf(call)).toBe('cancelled');
  expect(sent.map(({ kind }) => kind)).toEqual(['call', 'cancel']);
  expect(sent[1]?.id).toBe(sent[0]?.id);
});

test('a bridge whose main process is gone is connection-lost', async () => {
  const bridge = { invoke: () => Promise.reject(new Error('gone')), subscribe: () => () => undefined };
  expect(await codeOf(createClient(desktopTransport(bridge)).call('regions.list', {}))).toBe('connection-lost');
});
