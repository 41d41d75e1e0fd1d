import { describe, expect, test } from 'vitest';
import {
  domainPlacesCommand,
  parseDomainPlaces,
  parseDomainState,
} from '../../../../electron/core/cluster/libvirt/read/domain-places.ts';
import { parseJobInfo } from '../../../../electron/core/cluster/libvirt/read/job-info.ts';
import type { JobProgress } from '../../../../electron/core/cluster/libvirt/read/job-info.ts';
import {
  activeDomainsCommand,
  jobsCommand,
  parseActiveDomains,
  parseJobs,
} from '../../../../electron/core/cluster/libvirt/read/jobs.ts';
import { moveProgress } from '../../../../electron/core/cluster/libvirt/read/move-progress.ts';
import {
  parseReachableTargets,
  reachableTargetsCommand,
} from '../../../../electron/core/cluster/libvirt/read/reachable-targets.ts';
import { frameSections, runSections } from '../../../../electron/core/ssh/sections.ts';
import type { RemoteCommand } from '../../../../electron/core/ssh/transport.ts';
import { localShell } from './local-shell.ts';
import { sectionedCapture } from './sectioned-capture.ts';

const nodes = ['c1', 'c2', 'c3', 'w1'];
const targets = ['c1', 'c3', 'w1', 'w2', '10.213.5.99', 'no such;$(name)'];
const running = { kind: 'active', state: 'running', isMoving: false };
const absent = { kind: 'absent' };

/** What a local shell answers to a command; `tools` stand in for virsh and the rest. */
function answerOf(command: RemoteCommand, tools: string) {
  const withoutTimeout = 'timeout() { [ "$1" != --foreground ] || shift; shift; "$@"; }';
  return runSections(localShell(`${withoutTimeout}\n${tools}`), command, { deadlineMs: 5000 });
}

describe('a domain’s job', () => {
  test('on the source of a move it has figures, in bytes; another domain has none, and one that is gone is absent', () => {
    const jobs = parseJobs(sectionedCapture('libvirt/jobs-source'), ['rbig', 'd3-dom', 'nosuch']);
    expect(Object.fromEntries(jobs)).toEqual({
      rbig: {
        kind: 'moving-out',
        progress: {
          elapsedMs: 6477,
          processedBytes: 5_442_535,
          remainingBytes: 60_248_064,
          totalBytes: 67_641_344,
          bytesPerSecond: 1_036_135,
          dirtyBytesPerSecond: 0,
          iteration: 1,
        },
      },
      'd3-dom': { kind: 'none' },
      nosuch: { kind: 'absent' },
    });
  });

  test('on the target it is coming in', () => {
    expect(parseJobs(sectionedCapture('libvirt/jobs-target'), ['rbig']).get('rbig')).toEqual({ kind: 'moving-in' });
  });

  test('pages that are written again count in bytes; a rate that libvirt leaves out is not known', () => {
    const text = 'Job type: 2\n\noperation: 5\ntime_elapsed: 12\n';
    const job = (more: string) => parseJobInfo({ text: text + more, error: '', status: 0 });
    expect(job('memory_dirty_rate: 300\nmemory_page_size: 4096\n')).toMatchObject({
      progress: { elapsedMs: 12, bytesPerSecond: null, dirtyBytesPerSecond: 1_228_800, iteration: null },
    });
    expect(job('')).toMatchObject({ progress: { dirtyBytesPerSecond: null } });
  });

  test('a job that is no migration is told by its name, and one that is over is none', () => {
    const job = (text: string) => parseJobInfo({ text, error: '', status: 0 });
    expect(job('Job type: 2\n\noperation: 2\ntime_elapsed: 5\n')).toEqual({ kind: 'other', operation: 'save' });
    expect(job('Job type: 3\n\noperation: 5\ntime_elapsed: 5\n')).toEqual({ kind: 'none' });
  });

  test('a libvirt that does not answer makes the job unknown, never none', () => {
    const silent = { text: '', error: '', status: 124 };
    expect(parseJobInfo(silent)).toEqual({ kind: 'unknown', because: 'libvirt did not answer in time' });
    const refused =
      "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/var/run/libvirt/libvirt-sock-ro': Connection refused";
    expect(parseJobInfo({ text: '', error: refused, status: 1 })).toEqual({
      kind: 'unknown',
      because: "Failed to connect socket to '/var/run/libvirt/libvirt-sock-ro': Connection refused",
    });
    const lost = "error: failed to get domain 'vm1'\nerror: End of file while reading data: Input/output error";
    expect(parseJobInfo({ text: '', error: lost, status: 1 }).kind).toBe('unknown');
  });
});

describe('active domains of a node', () => {
  test('the source’s move is going out, the target’s is coming in and paused', () => {
    const active = (path: string) => {
      const told = parseActiveDomains(sectionedCapture(path));
      return told.kind === 'unknown'
        ? told.because
        : told.value.map((one) => [one.domain, one.state, one.stateReason, one.job.kind]);
    };
    expect(active('libvirt/active-source')).toEqual([
      ['d3-dom', 'running', 'migrated', 'none'],
      ['rbig', 'running', 'migrated', 'moving-out'],
    ]);
    expect(active('libvirt/active-target')).toEqual([
      ['r2', 'running', 'booted', 'none'],
      ['r1', 'running', 'booted', 'none'],
      ['rgpu', 'running', 'booted', 'none'],
      ['d1', 'running', 'booted', 'none'],
      ['rbig', 'paused', 'migrating', 'moving-in'],
    ]);
  });

  test('R1: a list that broke off, or a libvirt that does not answer, is unknown and never a shorter list', async () => {
    const whole = sectionedCapture('libvirt/active-target');
    for (const length of [0, 200, whole.stdout.length - 3])
      expect(parseActiveDomains({ ...whole, stdout: whole.stdout.slice(0, length) }).kind).toBe('unknown');
    const refused = 'virsh() { echo "error: failed to connect to the hypervisor" >&2; return 1; }';
    expect(parseActiveDomains(await answerOf(activeDomainsCommand, refused))).toEqual({
      kind: 'unknown',
      because: 'virsh ended with 1',
    });
    const hung = frameSections([
      { name: 'list', text: '402d8a38-d9c4-4b77-82ed-556a8556d708 r1\n', status: 0 },
      { name: 'jobs', text: '', status: 124 },
    ]);
    expect(parseActiveDomains(hung)).toMatchObject({
      value: [{ domain: 'r1', job: { kind: 'unknown', because: 'libvirt did not answer in time' } }],
    });
  });

  test('R27: a domain’s name is never read as a command', async () => {
    const name = `x'; $(id) -- "y"`;
    const asked = await answerOf(jobsCommand([name]), 'virsh() { printf "%s\\n" "$@"; }');
    expect(asked.stdout).toContain(`--domain\n${name}\n`);
    const listed = await answerOf(
      activeDomainsCommand,
      `virsh() { case "$*" in *--name*) echo '402d8a38-d9c4-4b77-82ed-556a8556d708 x; destroy y';; *--uuid*) echo 402d8a38-d9c4-4b77-82ed-556a8556d708;; *uri*) ;; *) echo "$*" >&2;; esac; }`,
    );
    expect(listed.stderr).toContain('domjobinfo --rawstats 402d8a38');
    expect(listed.stderr).not.toContain('destroy');
  });
});

describe('where a domain runs', () => {
  test('while it moves it is running on the source and the half of a migration on the target', () => {
    expect(Object.fromEntries(parseDomainPlaces(sectionedCapture('libvirt/places-moving'), nodes))).toEqual({
      c1: absent,
      c2: { kind: 'active', state: 'paused', isMoving: true },
      c3: running,
      w1: absent,
    });
  });

  test('after a cancelled move it is on the source alone', () => {
    expect(Object.fromEntries(parseDomainPlaces(sectionedCapture('libvirt/places-aborted'), nodes))).toEqual({
      c1: absent,
      c2: absent,
      c3: running,
      w1: absent,
    });
  });

  test('R1: a node that does not answer has no word on it, and an answer that broke off has none on any', () => {
    const moving = sectionedCapture('libvirt/places-moving');
    const half = { ...moving, stdout: moving.stdout.slice(0, -40) };
    expect([...parseDomainPlaces(half, nodes).values()].map(({ kind }) => kind)).toEqual(nodes.map(() => 'unknown'));
    expect(parseDomainState({ text: '', error: 'error: failed to connect to the hypervisor', status: 1 }).kind).toBe(
      'unknown',
    );
    expect(parseDomainState({ text: 'shut off (destroyed)\n', error: '', status: 0 })).toEqual({ kind: 'shut-off' });
    expect(parseDomainState({ text: 'in shutdown (user)\n', error: '', status: 0 })).toMatchObject({ kind: 'active' });
  });

  test('the node that is asked is asked by its own socket, the others by the way of a move', async () => {
    const asked = await answerOf(domainPlacesCommand('-vm', 'c2', ['c1', 'c2']), 'virsh() { echo "$*"; }');
    expect(asked.stdout).toContain('-q -c qemu+ssh://c1/system domstate --reason --domain -vm\n');
    expect(asked.stdout).toContain('-q -c qemu:///system domstate --reason --domain -vm\n');
  });
});

describe('the way of a move', () => {
  test('targets that answer are reached, the others say why not', () => {
    const told = parseReachableTargets(sectionedCapture('libvirt/targets'), targets);
    const no = 'Cannot recv data: ';
    expect(Object.fromEntries(told)).toEqual({
      c1: 'yes',
      c3: 'yes',
      w1: 'yes',
      w2: 'yes',
      '10.213.5.99': {
        no: `${no}ssh: connect to host 10.213.5.99 port 22: No route to host: Connection reset by peer`,
      },
      'no such;$(name)': { no: `${no}hostname contains invalid characters: Connection reset by peer` },
    });
  });

  test('a node whose libvirt is off is no target, has no word on a domain, and none on its own', () => {
    const off =
      "End of file while reading data: virt-ssh-helper: cannot connect to '/var/run/libvirt/libvirt-sock': Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory: Input/output error";
    expect(
      Object.fromEntries(parseReachableTargets(sectionedCapture('libvirt/targets-libvirt-off'), ['w1', 'c2'])),
    ).toEqual({
      w1: { no: off },
      c2: 'yes',
    });
    expect(Object.fromEntries(parseDomainPlaces(sectionedCapture('libvirt/places-libvirt-off'), ['c1', 'w1']))).toEqual(
      {
        c1: running,
        w1: { kind: 'unknown', because: off },
      },
    );
    expect(parseActiveDomains(sectionedCapture('libvirt/active-libvirt-off'))).toEqual({
      kind: 'unknown',
      because: "Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
    });
  });

  test('a target that calls itself by a name that the source does not know is not reached: the memory is sent to that name', async () => {
    const answer = await answerOf(
      reachableTargetsCommand(['c1']),
      'virsh() { echo somewhere-else; }\ngetent() { return 2; }',
    );
    expect(parseReachableTargets(answer, ['c1']).get('c1')).toEqual({
      no: 'the source knows no address for somewhere-else, as the target calls itself',
    });
  });

  test('R8: where the source did not answer nothing is known of any target', () => {
    const whole = sectionedCapture('libvirt/targets');
    const half = { ...whole, stderr: whole.stderr.slice(0, 100) };
    expect([...parseReachableTargets(half, targets).values()]).toEqual(targets.map(() => null));
  });
});

describe('how far a move is', () => {
  const read = (elapsedMs: number, remainingBytes: number, more: Partial<JobProgress> = {}) => ({
    readAt: 10_000 + elapsedMs,
    progress: {
      elapsedMs,
      remainingBytes,
      processedBytes: 0,
      totalBytes: 100_000_000,
      bytesPerSecond: 1_000_000,
      dirtyBytesPerSecond: 0,
      iteration: 1,
      ...more,
    },
  });
  const writing = { iteration: 3, dirtyBytesPerSecond: 1_200_000 };

  test('one read tells no time left; two do, by how fast what remains becomes less', () => {
    expect(moveProgress([read(1000, 50_000_000)])).toMatchObject({ readAt: 11_000, leftMs: null, isStalled: false });
    expect(moveProgress([read(1000, 50_000_000), read(2000, 40_000_000)])).toMatchObject({ leftMs: 4000 });
  });

  test('a read before libvirt had figures counts for nothing', () => {
    const early = read(100, 0, { totalBytes: 0 });
    expect(moveProgress([early])).toMatchObject({ leftMs: null });
    expect(moveProgress([early, read(1000, 50_000_000), read(2000, 40_000_000)])).toMatchObject({ leftMs: 4000 });
  });

  test('what remains and does not become less has no time left', () => {
    expect(moveProgress([read(1000, 40_000_000), read(2000, 40_000_000)])).toMatchObject({ leftMs: null });
    expect(moveProgress([read(1000, 40_000_000), read(1000, 30_000_000)])).toMatchObject({ leftMs: null });
  });

  test('three reads in a row that write as fast as they send are a stalled move, fewer are not, nor in the first pass', () => {
    const reads = [read(1000, 9, writing), read(2000, 8, writing), read(3000, 7, writing)] as const;
    expect(moveProgress(reads)).toMatchObject({ isStalled: true, leftMs: null });
    expect(moveProgress([reads[0], reads[1]])).toMatchObject({ isStalled: false });
    expect(moveProgress([reads[0], reads[1], read(3000, 7, { iteration: 3 })])).toMatchObject({ isStalled: false });
    expect(moveProgress([read(1000, 9, { ...writing, iteration: 1 }), reads[1], reads[2]])).toMatchObject({
      isStalled: false,
    });
  });
});
