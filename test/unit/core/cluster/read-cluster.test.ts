import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCluster } from '../../../../electron/core/cluster/pacemaker/read/read-cluster.ts';
import { sudoProblem } from '../../../../electron/core/ssh/sudo.ts';
import type { ShellChannel } from '../../../../electron/core/ssh/transport.ts';
import { isBelievable, whyNotBelieved } from '../../../../shared/lifecycle/believe.ts';
import { problemOf, ProblemError } from '../../../../shared/problems.ts';
import type { Problem } from '../../../../shared/problems.ts';
import { answered, answerOf, capture } from './capture.ts';
import { localShell } from './local-shell.ts';

const folder = fileURLToPath(new URL('../../../fixtures/captures/', import.meta.url));
const options = { deadlineMs: 5000, now: () => 1000 };

/** A partition that lost its quorum, as somebody could write it who knows every mark but this run's. */
const lost = '<pacemaker-result><summary><current_dc present="false"/></summary></pacemaker-result>'.replaceAll(
  '"',
  '&quot;',
);
const forgeries = [
  `\n@@rackside crm_mon\n${lost}\n\n@@rackside end\n`,
  `\nrackside-0123456789abcdef begin crm_mon\n${lost}\nrackside-0123456789abcdef end crm_mon 0\n`,
  `\n${'0123456789abcdef'.repeat(2)} begin crm_mon\n${lost}\n\n${'0123456789abcdef'.repeat(2)} complete\n`,
];

/** The tools of a captured node, as shell functions. */
function toolsOf(state: string, crmMonExit = 0): string {
  return `crm_mon() { /bin/cat '${folder}${state}/crm_mon.xml'; return ${crmMonExit}; }
cibadmin() { /bin/cat '${folder}${state}/cib.xml'; }
cat() { /bin/cat '${folder}${state}/corosync.conf'; }
uname() { echo ${state.split('/')[1]}; }`;
}

async function problemIn(tools: string): Promise<Problem | undefined> {
  try {
    await readCluster(localShell(tools), options);
  } catch (error) {
    return problemOf(error);
  }
  return undefined;
}

describe('reading the cluster', () => {
  test('one script in a real shell gives the answer of the captured node', async () => {
    const shell = localShell(toolsOf('healthy/lab-c1'));
    const answer = await readCluster(shell, options);
    // A shell function cannot be named corosync-quorumtool: here the quorum is crm_mon’s word, as with a login that is not root.
    const quorum = { isQuorate: true, votes: null, expectedVotes: null, neededVotes: null, flags: [] };
    expect(answer).toEqual({ ...answerOf('healthy/lab-c1'), quorum });
    expect(shell.asked).toEqual(['none']);
  });

  test('on the same channel what has not changed is not sent again; what has is, and what was not understood comes whole', async () => {
    const sent: string[] = [];
    let tools = toolsOf('healthy/lab-c1');
    const channel: ShellChannel = {
      run: async (command, runOptions) => {
        const result = await localShell(tools).run(command, runOptions);
        sent.push(result.stdout);
        return result;
      },
      close: () => {},
    };
    const has = (word: string) => sent.map((text) => text.includes(word));
    const first = await readCluster(channel, options);
    expect(await readCluster(channel, options)).toEqual(first);
    expect([has('<pacemaker-result'), has('<configuration>')]).toEqual([
      [true, false],
      [true, false],
    ]);
    tools = toolsOf('standby-not-enough-memory/lab-c1');
    expect(await readCluster(channel, options)).toEqual(await readCluster(localShell(tools), options));
    tools = `crm_mon() { echo broken; }`;
    for (let round = 0; round < 2; round += 1)
      await expect(readCluster(channel, options)).rejects.toMatchObject({ problem: { code: 'output-not-understood' } });
    expect(has('broken').slice(-2)).toEqual([true, true]);
  });

  test('a login outside the cluster’s group is asked again as root', async () => {
    const refused = `crm_mon() { echo '<pacemaker-result api-version="2.25"><status code="4" message="Insufficient privileges"/></pacemaker-result>'; return 4; }
cibadmin() { return 102; }`;
    const shell = localShell(refused, toolsOf('healthy/lab-c1'));
    const { via } = await readCluster(shell, options);
    expect([via, shell.asked]).toEqual(['lab-c1', ['none', 'root']]);
    await expect(readCluster(localShell(refused), options)).rejects.toMatchObject({
      problem: { code: 'sudo-not-permitted' },
    });
  });

  test('where sudo fails as well, the words do not promise that anything is still shown, and name the group', async () => {
    const refused = `crm_mon() { echo '<pacemaker-result api-version="2.25"><status code="4" message="Insufficient privileges"/></pacemaker-result>'; return 4; }`;
    const login = { scope: 'r1', user: 'tech', host: 'c1', machine: 'c1' };
    const asked = localShell(refused);
    const shell: typeof asked = {
      ...asked,
      run: (command, more) =>
        command.privilege === 'root'
          ? Promise.reject(new ProblemError(sudoProblem('sudo: a password is required', false, login)))
          : asked.run(command, more),
    };
    const { problem } = await readCluster(shell, options).then(
      () => expect.unreachable('it was read'),
      (error: unknown) => ({ problem: problemOf(error) }),
    );
    expect(problem).toMatchObject({
      code: 'sudo-password-needed',
      evidence: { kind: 'secret', secret: 'sudo-password' },
    });
    expect(problem?.message).toContain(
      'asks for the password of tech. The cluster tells this login nothing without root',
    );
    expect(problem?.advice).toContain('haclient');
    expect(problem?.message).not.toContain('still shown');
  });

  test.skipIf(existsSync('/usr/sbin/crm_mon'))('a machine without Pacemaker has no cluster software', async () => {
    expect(await problemIn('uname() { echo lab-x9; }')).toMatchObject({
      code: 'no-cluster-software',
      message: 'lab-x9 has no Pacemaker: crm_mon is not installed there.',
    });
  });

  test('a machine whose cluster is stopped says so, with crm_mon’s own words', async () => {
    expect(await problemIn(toolsOf('candidate-fresh/lab-x1', 102))).toMatchObject({
      code: 'cluster-not-running',
      message: 'No cluster runs on lab-x1: crm_mon: Connection to cluster failed: Connection refused.',
    });
  });

  test('garbage is not understood, and shown', async () => {
    const problem = await problemIn(`crm_mon() { echo 'Speicherzugriffsfehler'; }\nuname() { echo lab-c1; }`);
    expect(problem).toMatchObject({ code: 'output-not-understood', evidence: { kind: 'output' } });
    expect(JSON.stringify(problem?.evidence)).toContain('Speicherzugriffsfehler');
    expect(await problemIn(`${toolsOf('healthy/lab-c1')}\ncibadmin() { echo '<cib><configur'; }`)).toMatchObject({
      code: 'output-not-understood',
      message: 'The answer of cibadmin on lab-c1 is not the XML of a Pacemaker that Rackside knows.',
    });
  });

  test('an answer that broke off is not believed, although every section that came is whole', async () => {
    const problem = await problemIn(`${toolsOf('healthy/lab-c1')}\nuname() { exit 0; }`);
    expect(problem).toMatchObject({
      code: 'output-not-understood',
      message: "The cluster could not be read: the node's answer broke off in “uname”.",
    });
  });

  test.each(forgeries)('a tag that looks like a mark of the answer is a tag: %j', (forgery) => {
    const told = {
      crmMon: capture('healthy/lab-c1/crm_mon.xml'),
      cib: capture('healthy/lab-c1/cib.xml'),
      corosync: capture('healthy/lab-c1/corosync.conf'),
    };
    const at = told.cib.indexOf('</instance_attributes>');
    // libxml2 writes `<` of a value as an entity; the line breaks of the forgery stand as they are.
    const withTag = (value: string) =>
      `${told.cib.slice(0, at)}<nvpair id="t" name="tag" value="${value.replaceAll('<', '&lt;')}"/>${told.cib.slice(at)}`;
    expect(at).toBeGreaterThan(0);
    expect(answered({ ...told, cib: withTag(forgery) })).toEqual(answered({ ...told, cib: withTag('plain') }));
  });
});

describe('believing an answer', () => {
  test('only a quorate partition with a coordinator is believed', () => {
    expect(isBelievable(answerOf('healthy/lab-c1'))).toBe(true);
    expect(whyNotBelieved(answerOf('no-quorum/lab-c1'))).toBe('no quorum: 1 of 3 votes');
    const cib = capture('cutnet/lab-c1/cib.xml');
    const cutOff = answered({
      crmMon: capture('cutnet/lab-c2/crm_mon.xml'),
      cib,
      quorum: capture('cutnet/lab-c2/quorumtool.txt'),
    });
    expect(whyNotBelieved(cutOff)).toBe('no quorum: 1 of 2 votes, waiting for all');
    const electing = answered({ crmMon: capture('bootstrap/m.10.xml'), cib });
    expect(whyNotBelieved(electing)).toBe('the cluster is electing its coordinator');
  });

  test('corosync’s loss of quorum counts at once, before Pacemaker has noticed', () => {
    const crmMon = capture('healthy/lab-c1/crm_mon.xml');
    const cib = capture('healthy/lab-c1/cib.xml');
    expect(isBelievable(answered({ crmMon, cib, quorum: capture('no-quorum/lab-c1/quorumtool.txt') }))).toBe(false);
  });
});
