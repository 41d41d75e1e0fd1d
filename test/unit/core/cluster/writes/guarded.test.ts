import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  configurationOf,
  nodeAttribute,
  nodeAttributePath,
  nodePath,
  nvpair,
  regionMark,
  regionMarkPath,
  togetherWith,
} from '../../../../../electron/core/cluster/writes/configuration.ts';
import {
  guardedDelete,
  guardedMerge,
  guardedReplace,
  guardOf,
  quorumGuard,
} from '../../../../../electron/core/cluster/writes/guarded.ts';
import { setResourceOption } from '../../../../../electron/core/cluster/writes/resource-meta.ts';
import { run, transcriptOf } from '../../../../../electron/core/cluster/writes/shown-command.ts';
import type { ShownCommand } from '../../../../../electron/core/cluster/writes/shown-command.ts';
import { runSections } from '../../../../../electron/core/ssh/sections.ts';
import { localShell } from '../local-shell.ts';
import { hostileText } from './hostile.ts';

const folder = mkdtempSync(join(tmpdir(), 'rackside-writes-'));
const calls = join(folder, 'calls');
afterAll(() => rmSync(folder, { recursive: true }));

/** Real scripts in a real sh, with a cibadmin that notes its arguments and answers a status a kind of call. */
async function send<Result>(
  command: ShownCommand<Result>,
  statuses: { readonly write?: number; readonly guard?: number; readonly quorum?: number; readonly look?: number } = {},
): Promise<{ readonly result: Result; readonly writes: readonly (readonly string[])[] }> {
  const { write = 0, guard = 0, quorum = 0, look = 0 } = statuses;
  const tools = `timeout() { shift; "$@"; }
cibadmin() {
  if [ "$1" = -Q ]; then
    case $3 in '/cib[@have-quorum="1"]') return ${quorum} ;; *have-quorum*) return ${guard} ;; *) return ${look} ;; esac
  fi
  { printf '%s\\0' "$@"; printf 'END\\0'; } >>'${calls}'
  [ ${write} = 0 ] || echo 'Call failed: words' >&2
  echo '<cib>the whole configuration</cib>'
  return ${write}
}`;
  rmSync(calls, { force: true });
  const output = await runSections(localShell(tools), command.command, { deadlineMs: command.deadlineMs });
  expect(output.stdout).not.toContain('the whole configuration');
  const words = readFileSync(calls, { encoding: 'utf8', flag: 'a+' }).split('END\0');
  return { result: command.parse(output), writes: words.filter(Boolean).map((call) => call.split('\0').slice(0, -1)) };
}

const lease = { leaseName: 'rackside-lease-c2', token: '0123456789abcdef' };
const guard = guardOf(lease);
const standby = nodeAttribute({ name: 'c2', id: '2', type: 'member' }, 'standby', 'on');
const merge = guardedMerge({ guard, changes: standby });
const exclusive = guardedMerge({
  guard,
  changes: regionMark('rackside-op-c2', 'v'),
  unless: regionMarkPath('rackside-op-c2'),
});
const compared = guardedMerge({ guard, changes: standby, requires: nodePath({ name: 'c2', id: '2', type: 'member' }) });
const removal = guardedDelete({ guard, path: regionMarkPath('rackside-op-c2') });
const replacement = guardedReplace({ guard, path: 'crm_config//nvpair[@id="x-v"]', xml: nvpair('x-v', 'x', 'new') });

describe('a guarded write', () => {
  test('carries quorum and every lease into the cluster’s own transaction', async () => {
    const both = guardOf(lease, { leaseName: 'rackside-slot-admission', token: 'fedcba9876543210' });
    const { writes } = await send(guardedMerge({ guard: both, changes: standby, unless: 'a', requires: 'b' }));
    expect(writes).toEqual([
      [
        '--modify',
        '--allow-create',
        '--xpath',
        '/cib[@have-quorum="1"]/configuration[crm_config//nvpair[@id="rackside-lease-c2-v" and starts-with(@value,"0123456789abcdef.")] and ' +
          'crm_config//nvpair[@id="rackside-slot-admission-v" and starts-with(@value,"fedcba9876543210.")]][not(a)][b]',
        '-X',
        '<configuration><nodes><node id="2"><instance_attributes id="nodes-2"><nvpair id="nodes-2-standby" name="standby" value="on"/>' +
          '</instance_attributes></node></nodes></configuration>',
      ],
    ]);
  });

  test('is shown as the command that a person would type', () => {
    expect(removal.shown).toBe(
      `cibadmin --delete --xpath '${guard.xpath}/crm_config/cluster_property_set[@id="rackside-op-c2"]'`,
    );
    expect(quorumGuard.xpath).toBe('/cib[@have-quorum="1"]/configuration');
  });

  test('a lease’s token that is none cannot become a part of the guard', () => {
    for (const token of ['', '0123456789abcde', '0123456789ABCDEF', '" or true() or "', '0123456789abcdef"'])
      expect(() => guardOf({ leaseName: 'x', token })).toThrow(/16 hexadecimal digits/u);
  });

  test.each([
    ['written, and the guard holds after it', merge, {}, 'written'],
    ['no lease any more: refused', merge, { write: 105, guard: 105 }, 'refused'],
    ['no quorum: refused', merge, { write: 105, guard: 105, quorum: 105 }, 'refused'],
    ['what must not be there is there', exclusive, { write: 105, look: 0 }, 'exists'],
    ['what must be there is not', compared, { write: 105, look: 105 }, 'changed'],
    ['nothing stands where something was to be replaced', replacement, { write: 105 }, 'changed'],
    ['R2: status 0, and after it no quorum: not proven', merge, { guard: 105, quorum: 105 }, 'not-proven'],
    ['R2: status 0, and after it another’s lease: not proven', merge, { guard: 105 }, 'not-proven'],
    ['R2: status 0, and the guard cannot be read: not proven', merge, { guard: 102 }, 'not-proven'],
    ['R2: it did not end in time: not proven', merge, { write: 124 }, 'not-proven'],
    ['R2: cibadmin was killed: not proven', merge, { write: 137 }, 'not-proven'],
    ['a breach of the schema: surely not written', merge, { write: 78 }, 'error'],
    ['nothing matched, and by now it would: not written', merge, { write: 105 }, 'error'],
    ['deleted and gone', removal, { look: 105 }, 'written'],
    ['cibadmin says 0 and it is still there, because the guard is lost', removal, { look: 0, guard: 105 }, 'refused'],
    ['cibadmin says 0 and it is still there under a guard that holds', removal, { look: 0 }, 'not-proven'],
    ['whether it is gone cannot be read', removal, { look: 102 }, 'not-proven'],
    ['gone, and the guard is lost', removal, { look: 105, guard: 105 }, 'not-proven'],
  ] as const)('%s', async (_name, command, statuses, kind) => {
    const { result } = await send(command, statuses);
    expect(result.kind).toBe(kind);
  });

  test('tells which part of the guard is lost, and what the schema said', async () => {
    expect((await send(merge, { write: 105, guard: 105 })).result).toEqual({ kind: 'refused', because: 'lease-lost' });
    expect((await send(merge, { write: 105, guard: 105, quorum: 105 })).result).toEqual({
      kind: 'refused',
      because: 'no-quorum',
    });
    expect((await send(merge, { write: 78 })).result).toEqual({
      kind: 'error',
      exitStatus: 78,
      because: 'Call failed: words',
    });
  });

  test('R2: an answer that broke off anywhere is not proven', async () => {
    const output = await runSections(localShell('timeout() { shift; "$@"; }; cibadmin() { :; }'), merge.command, {
      deadlineMs: 5000,
    });
    expect(merge.parse(output).kind).toBe('written');
    for (let length = 0; length < output.stdout.length - 1; length += 7)
      expect(merge.parse({ ...output, stdout: output.stdout.slice(0, length) }).kind).toBe('not-proven');
  });

  test('R27: whatever a value holds, cibadmin is given exactly that, and nothing else runs', async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        // oxlint-disable-next-line no-control-regex -- Refused before it is sent: free text is encoded.
        fc.pre(!/[\u0000-\u001f\u007f]/u.test(text));
        const changes = regionMark('rackside-x', text);
        const { writes } = await send(guardedMerge({ guard, changes }));
        expect(writes).toEqual([
          ['--modify', '--allow-create', '--xpath', guard.xpath, '-X', configurationOf(changes).text],
        ]);
      }),
      { numRuns: 25 },
    );
  });

  test('several changes are one transaction, by section', () => {
    const changes = togetherWith(regionMark('a', '1'), standby, regionMark('b', '2'));
    expect(configurationOf(changes).text).toBe(
      '<configuration><crm_config><cluster_property_set id="a"><nvpair id="a-v" name="a" value="1"/></cluster_property_set>' +
        '<cluster_property_set id="b"><nvpair id="b-v" name="b" value="2"/></cluster_property_set></crm_config>' +
        '<nodes><node id="2"><instance_attributes id="nodes-2"><nvpair id="nodes-2-standby" name="standby" value="on"/></instance_attributes></node></nodes>' +
        '</configuration>',
    );
  });

  test('a Worker’s attribute makes the Worker’s entry where it has none yet', () => {
    const worker = { name: 'w1', id: 'w1', type: 'remote' } as const;
    expect(configurationOf(nodeAttribute(worker, 'standby', 'on')).text).toContain(
      '<node id="w1" uname="w1" type="remote">',
    );
    expect(nodePath(worker)).toBe('resources//primitive[@id="w1" and @type="remote"]');
    expect(nodeAttributePath(worker, 'standby', 'on')).toBe(
      'nodes/node[@id="w1"]/instance_attributes/nvpair[@name="standby" and @value="on"]',
    );
  });
});

describe('an option of a resource', () => {
  test('that is not there is merged into the set that crm_resource would use', async () => {
    const { writes, result } = await send(
      setResourceOption({ guard, resource: 'vm1', name: 'target-role', value: 'Stopped' }),
    );
    expect(result.kind).toBe('written');
    expect(writes).toEqual([
      [
        '--modify',
        '--allow-create',
        '--xpath',
        `${guard.xpath}[resources//primitive[@id="vm1"]]`,
        '-X',
        '<configuration><resources><primitive id="vm1"><meta_attributes id="vm1-meta_attributes">' +
          '<nvpair id="vm1-meta_attributes-target-role" name="target-role" value="Stopped"/></meta_attributes></primitive></resources></configuration>',
      ],
    ]);
  });

  test('that is taken away is deleted wherever an administrator put it, and never from a set of Rackside’s', async () => {
    const { writes } = await send(setResourceOption({ guard, resource: 'vm1', name: 'allow-migrate', value: null }), {
      look: 105,
    });
    expect(writes[0]?.at(-1)).toBe(
      `${guard.xpath}[resources//primitive[@id="vm1"]]/resources//primitive[@id="vm1"]/meta_attributes/nvpair[@name="allow-migrate" and not(starts-with(@id,"rackside-"))]`,
    );
  });
});

describe('a plain command', () => {
  test('R27: whatever its arguments hold, the program is given exactly them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostileText, { minLength: 1, maxLength: 5 }), async (args) => {
        const command = run(['printf', '%s\\0', ...args], 5000);
        const output = await runSections(localShell(''), command.command, { deadlineMs: 5000 });
        expect(command.parse(output)).toEqual({
          kind: 'ran',
          exitStatus: 0,
          stdout: args.map((arg) => `${arg}\0`).join(''),
          stderr: '',
        });
      }),
      { numRuns: 25 },
    );
  });

  test('its transcript has the exit status and what it said, without our marks', async () => {
    const command = run(['sh', '-c', 'echo out; echo err >&2; exit 3'], 5000);
    const output = await runSections(localShell(''), command.command, { deadlineMs: 5000 });
    expect(transcriptOf(output)).toEqual({ exitStatus: 3, stdout: 'out\n', stderr: 'err\n' });
  });
});
