import { describe, expect, test } from 'vitest';
import { noChoices } from '#shared/model/maintenance.ts';
import { waitFor } from './lab-api.ts';
import { isOver, startMaintenance, untilOperation } from './node-operations.ts';
import { Refused, rowOf, snapshotOf } from './rackside.ts';
import { untilShown, useLab, useLaptop } from './use-lab.ts';

const kept = '/root/identity-before';
/** What a new installation changes of a machine: its machine-id and its host keys. Whoever is logged in is thrown out. */
const reinstall = `mkdir -p ${kept} && cp -a /etc/ssh/ssh_host_* /etc/machine-id ${kept}/
rm /etc/ssh/ssh_host_*; ssh-keygen -A >/dev/null; tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
systemctl restart ssh; pkill -f '^sshd: [^/]' || true; cat /etc/machine-id`;
const putBack = `[ ! -d ${kept} ] || { cp -a ${kept}/machine-id /etc/; cp -a ${kept}/ssh_host_* /etc/ssh/; rm -r ${kept}; systemctl restart ssh; }`;

describe.skipIf(process.env['RACKSIDE_LAB_FULL'] !== '1')('a node that was reinstalled', { timeout: 600_000 }, () => {
  const used = useLab([], async (lab) => {
    await lab.node('c3').exec(putBack);
    await lab.node('c1').exec('crm_attribute -N c3 -n rackside-identity -D');
  });
  const laptop = useLaptop(used);
  const other = useLaptop(used);

  test('R12, R24: is frozen until its key is trusted and a person types its name; then it is the node, for every laptop, and may be acted on', async () => {
    const { app, lab, region } = laptop;
    const { stdout } = await lab.node('c3').exec(reinstall);
    const machineId = stdout.trim();
    const [ecdsa = '', ed25519 = '', rsa = ''] = (await lab.node('c3').mustExec('cat /etc/ssh/ssh_host_*_key.pub'))
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[1]);
    const on = { regionId: region, nodeId: (await rowOf(app, region, 'c3')).id };
    const asked = (code: string, by = laptop) =>
      waitFor(
        `c3 is asked about: ${code}`,
        async () => {
          await by.app.call('regions.retry', { regionId: by.region });
          const { questions } = (await snapshotOf(by.app, by.region)).region;
          return questions.find(({ about, problem }) => about === 'c3' && problem.code === code)?.problem;
        },
        120_000,
        1000,
      );

    // The old key is not forgotten by an answer: it has to be, by name.
    const { evidence } = await asked('host-key-changed');
    if (evidence?.kind !== 'host-key') throw new Error('no keys to compare');
    expect([ecdsa, ed25519, rsa]).toContain(evidence.shownKeyBase64);
    const key = { host: evidence.host, keyBase64: evidence.shownKeyBase64 };
    await expect(app.call('knownHosts.trust', { keys: [key] })).rejects.toBeInstanceOf(Refused);
    const trust = async (by: typeof laptop) => {
      await by.app.call('knownHosts.forget', { host: key.host });
      await by.app.call('knownHosts.trust', { keys: [key] });
    };
    await trust(laptop);
    await asked('node-identity-changed');
    const row = await rowOf(app, region, 'c3');
    expect(row.frozenBecause).toMatch(/^c3 is frozen: another machine answers under this name/u);
    expect(row.cpuPercent.kind).toBe('unknown');
    await expect(app.call('maintenance.prepare', { ...on, choices: noChoices })).rejects.toMatchObject({
      problem: { code: 'not-available', message: expect.stringContaining('c3 is frozen') as string },
    });

    await expect(app.call('nodes.acceptIdentity', { ...on, typedName: 'c2' })).rejects.toMatchObject({
      problem: { code: 'name-mismatch' },
    });
    await app.call('nodes.acceptIdentity', { ...on, typedName: 'c3' });
    const taken = await rowOf(app, region, 'c3');
    expect(taken).toMatchObject({ frozenBecause: null, machineId: { kind: 'known', value: machineId } });
    const record = await lab.node('c1').mustExec('crm_attribute -N c3 -n rackside-identity -G -q');
    expect(Buffer.from(record.trim(), 'base64url').toString()).toContain(machineId);

    // A second laptop, which knew the old machine: its own key is its own question, the machine is the region's.
    await asked('host-key-changed', other);
    await trust(other);
    await waitFor(
      'the other laptop takes it for the node',
      async () => {
        await other.app.call('regions.retry', { regionId: other.region });
        const seen = await rowOf(other.app, other.region, 'c3');
        return seen.frozenBecause === null && seen.machineId.kind === 'known' && seen.machineId.value === machineId;
      },
      90_000,
      1000,
    );

    await untilShown(laptop, 'c3', 'active');
    const { id } = await startMaintenance(app, region, 'c3');
    const over = await untilOperation(app, region, id, isOver);
    expect(over.state).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    await untilShown(laptop, 'c3', 'in-maintenance');
  });
});
