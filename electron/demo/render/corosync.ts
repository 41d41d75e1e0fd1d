import { writtenDate } from '../layout/cib-text.ts';
import { digitsOf } from '../random.ts';
import { isSilent, type DemoNode } from '../world/node.ts';
import type { World } from '../world/world.ts';

/** `/etc/corosync/corosync.conf` of a control. */
export function corosyncConf(world: World): string {
  const nodes = world.controls().map(
    ({ name, id, address }) => `    node {
        ring0_addr: ${address}
        name: ${name}
        nodeid: ${id}
    }
`,
  );
  const two = nodes.length === 2 ? '    two_node: 1\n' : '';
  return `totem {
    version: 2
    cluster_name: demo
    transport: knet
    crypto_cipher: aes256
    crypto_hash: sha256
    cluster_uuid: ${digitsOf(world.seed, 'cluster').slice(0, 32)}
}

nodelist {
${nodes.join('\n')}}

quorum {
    provider: corosync_votequorum
${two}}

logging {
    to_logfile: yes
    logfile: /var/log/corosync/corosync.log
    to_syslog: yes
    timestamp: on
}
`;
}

/** `corosync-quorumtool -s` on a control; its exit status is 0 with quorum, else 2. */
export function quorumtoolText(world: World, node: DemoNode): string {
  const { votes, expected, needed, isQuorate } = world.quorum();
  const present = world.controls().filter((control) => !isSilent(control) && control.services === 'running');
  const flags =
    expected === 2 ? ['2Node', ...(isQuorate ? ['Quorate'] : []), 'WaitForAll'] : isQuorate ? ['Quorate'] : [];
  const lines = present.map(
    ({ id, name }) => `${id.padStart(10)}          1 ${name}${name === node.name ? ' (local)' : ''}\n`,
  );
  return `Quorum information
------------------
Date:             ${writtenDate(world.clock.now())}
Quorum provider:  corosync_votequorum
Nodes:            ${present.length}
Node ID:          ${node.id}
Ring ID:          1.${present.length.toString(16)}
Quorate:          ${isQuorate ? 'Yes' : 'No'}

Votequorum information
----------------------
Expected votes:   ${expected}
Highest expected: ${expected}
Total votes:      ${votes}
Quorum:           ${needed} ${isQuorate ? ' ' : 'Activity blocked'}
Flags:            ${flags.map((flag) => `${flag} `).join('')}

Membership information
----------------------
    Nodeid      Votes Name
${lines.join('')}`;
}
