import { openStore } from '../../../electron/core/db/store.ts';
import { regionId } from '../../../shared/model/ids.ts';
import { hostKey } from '../../unit/core/db/host-key.ts';

// Works on a store until it is killed, and prints each recorded thing after the call that recorded it has returned.
const [folder = '', name = ''] = process.argv.slice(2);
const store = openStore(folder, { now: () => Date.now(), log: { warn: (message) => console.error(message) } });
const inventory = store.openInventory(regionId('r1'));
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const step = (number: number): void => {
  const operationId = `${name}-${number}`;
  const command = `crm_standby -N node${number} -v on`;
  inventory.operations.save({
    id: operationId,
    nodeId: 'a',
    command: 'maintain',
    json: '{}',
    startedAt: number,
    endedAt: null,
  });
  say(`operation ${operationId}`);
  const sequence = inventory.journal.begin({ operationId, step: 's', host: 'h', command, startedAt: number });
  say(`began ${operationId}`);
  inventory.saveNodes(
    'row',
    Array.from({ length: 50 }, (_, index) => ({
      id: `n${index}`,
      json: `{"x":"${'y'.repeat(2000)}${number}"}`,
      readAt: number,
    })),
  );
  inventory.journal.end(sequence, { endedAt: number, exitStatus: 0, stdout: 'o'.repeat(3000), stderr: '' });
  say(`ended ${operationId}`);
  store.knownHosts.trust([{ host: operationId, keyBase64: hostKey('ssh-ed25519', number % 256) }]);
  say(`host ${operationId}`);
  setImmediate(step, number + 1);
};
step(1);
