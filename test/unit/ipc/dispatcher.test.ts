import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallEnvelope } from '#shared/contract/contract.ts';
import { ProblemError } from '#shared/problems.ts';
import { createDispatcher } from '../../../electron/ipc/dispatcher.ts';
import type { InternalError, Peer } from '../../../electron/ipc/dispatcher.ts';
import type { Handlers } from '../../../electron/ipc/handlers/call.ts';
import { handlersWith } from '../../helpers/shells/handlers.ts';

const peer: Peer = { id: 'window-1', isAuthenticated: true };

function dispatcherWith(given: Partial<Handlers>, maxCallsPerPeer = 64) {
  const internal: InternalError[] = [];
  const dispatcher = createDispatcher(handlersWith(given), {
    onInternalError: (error) => internal.push(error),
    maxCallsPerPeer,
  });
  return { dispatcher, internal };
}

const call = (id: string, name: string, input: unknown = {}): unknown => ({ kind: 'call', id, name, input });
const codeOf = (envelope: CallEnvelope): string => (envelope.ok ? 'ok' : envelope.problem.code);

describe('the dispatcher', () => {
  test('a call that is known and valid is answered with its handler’s value', async () => {
    const { dispatcher } = dispatcherWith({ 'views.get': ({ key }) => `view of ${key}` });
    expect(await dispatcher.invoke(peer, call('1', 'views.get', { key: 'nodes' }))).toEqual({
      ok: true,
      value: 'view of nodes',
    });
  });

  test('who is asking is checked before what is asked', async () => {
    const { dispatcher } = dispatcherWith({});
    const stranger = { id: 'x', isAuthenticated: false };
    expect(codeOf(await dispatcher.invoke(stranger, 'garbage'))).toBe('unauthenticated');
    expect(codeOf(await dispatcher.invoke(stranger, call('1', 'app.info')))).toBe('unauthenticated');
  });

  test('what is asked is checked in the order: shape, name, number of calls, input', async () => {
    const { dispatcher } = dispatcherWith(
      { 'app.info': (_input, { signal }) => sleep(5000, undefined as never, { signal }) },
      1,
    );
    void dispatcher.invoke(peer, call('held', 'app.info'));
    expect(codeOf(await dispatcher.invoke(peer, { kind: 'call', name: 'no.such' }))).toBe('invalid-input');
    expect(codeOf(await dispatcher.invoke(peer, call('2', 'no.such', { wrong: true })))).toBe('unknown-call');
    expect(codeOf(await dispatcher.invoke(peer, call('3', 'views.get', { wrong: true })))).toBe('too-many-requests');
    dispatcher.dropPeer(peer);
  });

  test('an input that does not fit is refused with the first issue’s words and every issue as evidence', async () => {
    const { dispatcher } = dispatcherWith({});
    const input = { host: '-oProxyCommand=x' };
    expect(await dispatcher.invoke(peer, call('1', 'regions.importHost', input))).toEqual({
      ok: false,
      problem: {
        code: 'invalid-input',
        message: 'An address has letters, digits, dots, hyphens and colons only.',
        advice: 'Correct what is marked and try again. Nothing was changed.',
        evidence: {
          kind: 'input',
          issues: [
            { path: 'host', message: 'An address has letters, digits, dots, hyphens and colons only.' },
            { path: 'host', message: 'An address does not begin with a hyphen.' },
          ],
        },
      },
    });
  });

  test('an IPv6 address, one of a link with its interface, and a name are addresses', async () => {
    const asked: string[] = [];
    const { dispatcher } = dispatcherWith({
      'regions.importHost': ({ host }) => {
        asked.push(host);
        throw new Error('it is not read here');
      },
    });
    const addresses = ['2001:db8::1', 'fe80::1%eth0', 'fra2-ctl-1.example.net'];
    for (const host of addresses) await dispatcher.invoke(peer, call(host, 'regions.importHost', { host }));
    expect(asked).toEqual(addresses);
    for (const host of ['fe80::1%', 'fe80::1%eth0;x', '%eth0'])
      expect(codeOf(await dispatcher.invoke(peer, call(host, 'regions.importHost', { host })))).toBe('invalid-input');
  });

  test('an address with its port inside is no name that could not be found: the port has its own field', async () => {
    const { dispatcher } = dispatcherWith({});
    for (const host of ['bastion:22', '10.42.0.11:22']) {
      const answer = await dispatcher.invoke(peer, call(host, 'regions.importHost', { host }));
      expect(answer).toMatchObject({
        ok: false,
        problem: { code: 'invalid-input', message: 'The port has its own field: enter the address without it.' },
      });
    }
  });

  test('names that every object inherits are no calls', async () => {
    const { dispatcher } = dispatcherWith({});
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(codeOf(await dispatcher.invoke(peer, call('1', name)))).toBe('unknown-call');
    }
  });

  test('a handler’s problem is the answer, as it is', async () => {
    const problem = { code: 'region-not-found', message: 'No region r1.', advice: 'Add it.' } as const;
    const { dispatcher, internal } = dispatcherWith({
      'regions.list': () => {
        throw new ProblemError(problem, { cause: new Error('secret cause') });
      },
    });
    expect(await dispatcher.invoke(peer, call('1', 'regions.list'))).toEqual({ ok: false, problem });
    expect(internal).toEqual([]);
  });

  test('a bug is answered by an id that the log has too, without its words or its stack', async () => {
    const bug = new Error('canary-3f1 at line 12');
    const { dispatcher, internal } = dispatcherWith({ 'settings.get': () => Promise.reject(bug) });
    const envelope = await dispatcher.invoke(peer, call('1', 'settings.get'));
    expect(codeOf(envelope)).toBe('internal');
    expect(internal).toEqual([
      { id: expect.stringMatching(/^[0-9a-f]{12}$/u) as string, call: 'settings.get', error: bug },
    ]);
    const text = JSON.stringify(envelope);
    expect(text).toContain(internal[0]!.id);
    expect(text).not.toMatch(/canary|stack|\.ts:/u);
  });

  test('R26: what the log is told of a bug holds no input', async () => {
    const { dispatcher, internal } = dispatcherWith({
      'secrets.supply': () => {
        throw new TypeError('boom');
      },
    });
    const input = { scope: 's', kind: 'password', user: 'u', host: 'h', value: 'canary-77', remember: false };
    const envelope = await dispatcher.invoke(peer, call('1', 'secrets.supply', input));
    expect(codeOf(envelope)).toBe('internal');
    expect(Object.keys(internal[0]!).toSorted()).toEqual(['call', 'error', 'id']);
    expect(JSON.stringify([envelope, internal])).not.toContain('canary-77');
  });

  test('a cancelled call is answered at once, its handler is told, and its place is free when the handler has ended', async () => {
    let isTold = false;
    const { dispatcher } = dispatcherWith({
      'regions.list': async (_input, { signal }) => {
        signal.addEventListener('abort', () => {
          isTold = true;
        });
        await sleep(50);
        return [];
      },
    });
    const answer = dispatcher.invoke(peer, call('1', 'regions.list'));
    expect(await dispatcher.invoke(peer, { kind: 'cancel', id: '1' })).toEqual({ ok: true, value: null });
    expect(codeOf(await answer)).toBe('cancelled');
    expect([isTold, dispatcher.callsUnderWay()]).toEqual([true, 1]);
    await expect.poll(() => dispatcher.callsUnderWay()).toBe(0);
  });

  test('cancelling what is not under way changes nothing', async () => {
    const { dispatcher } = dispatcherWith({});
    expect(await dispatcher.invoke(peer, { kind: 'cancel', id: 'gone' })).toEqual({ ok: true, value: null });
  });

  test('a peer cannot cancel another’s call, though the ids are equal', async () => {
    const { dispatcher } = dispatcherWith({
      'regions.list': (_input, { signal }) => sleep(100, [], { signal }),
    });
    const answer = dispatcher.invoke(peer, call('1', 'regions.list'));
    await dispatcher.invoke({ id: 'window-2', isAuthenticated: true }, { kind: 'cancel', id: '1' });
    expect(await answer).toEqual({ ok: true, value: [] });
  });

  test('a peer has a limit of calls under way, and another peer is not held back by it', async () => {
    const { dispatcher } = dispatcherWith({ 'regions.list': (_input, { signal }) => sleep(5000, [], { signal }) }, 3);
    const held = ['1', '2', '3'].map((id) => dispatcher.invoke(peer, call(id, 'regions.list')));
    expect(codeOf(await dispatcher.invoke(peer, call('4', 'regions.list')))).toBe('too-many-requests');
    const other: Peer = { id: 'window-2', isAuthenticated: true };
    const others = dispatcher.invoke(other, call('1', 'regions.list'));
    await dispatcher.invoke(other, { kind: 'cancel', id: '1' });
    expect(codeOf(await others)).toBe('cancelled');
    dispatcher.dropPeer(peer);
    expect((await Promise.all(held)).map(codeOf)).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  test('an id that is under way cannot be used for another call', async () => {
    const { dispatcher } = dispatcherWith({ 'regions.list': (_input, { signal }) => sleep(5000, [], { signal }) });
    void dispatcher.invoke(peer, call('1', 'regions.list'));
    expect(codeOf(await dispatcher.invoke(peer, call('1', 'regions.list')))).toBe('invalid-input');
    dispatcher.dropPeer(peer);
  });

  test('whatever is sent, the answer is an envelope', async () => {
    const { dispatcher } = dispatcherWith({});
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (message) => {
        const envelope = await dispatcher.invoke(peer, message);
        expect(codeOf(envelope)).toMatch(/^(invalid-input|unknown-call)$/u);
      }),
      { numRuns: 300 },
    );
  });
});
