import { expect, onTestFinished, test, vi } from 'vitest';
import { agentSocketOf } from '../../../../electron/core/ssh/agent-socket.ts';
import { loadSsh2 } from '../../../../electron/core/ssh/ssh2-library.ts';

const pipe = String.raw`\\.\pipe\openssh-ssh-agent`;

test.each([
  ['linux', {}, undefined],
  ['darwin', {}, undefined],
  ['win32', {}, pipe],
  ['linux', { SSH_AUTH_SOCK: '/run/user/1000/agent' }, '/run/user/1000/agent'],
  ['win32', { SSH_AUTH_SOCK: 'pageant' }, 'pageant'],
  ['linux', { SSH_AUTH_SOCK: '' }, undefined],
  ['win32', { SSH_AUTH_SOCK: '' }, undefined],
] as const)('on %s with %o the agent is looked for at %s', (platform, environment, socket) => {
  expect(agentSocketOf(platform, environment)).toBe(socket);
});

test('what is looked for on Windows is a pipe for ssh2, and no socket file of Cygwin', async () => {
  const { createAgent } = await loadSsh2();
  vi.spyOn(process, 'platform', 'get').mockReturnValue('win32');
  onTestFinished(() => void vi.restoreAllMocks());
  const kinds = [pipe, '/tmp/agent', 'pageant'].map((socket) => createAgent(socket).constructor.name);
  expect(kinds).toEqual(['OpenSSHAgent', 'CygwinAgent', 'PageantAgent']);
});
