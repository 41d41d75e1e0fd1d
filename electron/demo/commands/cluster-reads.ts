import { createHash } from 'node:crypto';
import { askedCibText, wholeCibText } from '../render/cib.ts';
import { corosyncConf, quorumtoolText } from '../render/corosync.ts';
import { crmMonText } from '../render/crm-mon.ts';
import type { Engine } from '../world/engine.ts';
import { isSilent } from '../world/node.ts';
import {
  noCib,
  notConnectedXml,
  printed,
  sectioned,
  toolSection,
  type AnswerSection,
  type Command,
  type CommandCall,
} from './command.ts';

const crmMon = ({ world, node }: CommandCall): AnswerSection =>
  world.answersFor(node)
    ? toolSection('crm_mon', { stdout: crmMonText(world) })
    : toolSection(
        'crm_mon',
        notConnectedXml('crm_mon --output-as=xml', [
          'error: Could not connect to launcher: Connection refused',
          'crm_mon: Connection to cluster failed: Connection refused',
        ]),
      );

/** The read command, which leaves out the texts whose digests it is given. */
export const answerClusterRead = sectioned((call) => {
  const { world, node, args } = call;
  const [knownStatus = '', knownCib = ''] = args;
  const isControl = node.role === 'control';
  const answers = world.answersFor(node);
  return [
    ...unlessKnown(crmMon(call), knownStatus, withoutTime),
    ...unlessKnown(toolSection('cib', answers ? { stdout: askedCibText(world) } : noCib), knownCib, (text) => text),
    toolSection(
      'quorum',
      isControl && answers
        ? { stdout: quorumtoolText(world, node), status: world.quorum().isQuorate ? 0 : 2 }
        : isControl
          ? { stderr: 'Cannot initialize CMAP service\n', status: 1 }
          : { stderr: '/bin/sh: 13: eval: corosync-quorumtool: not found\n', status: 127 },
    ),
    toolSection(
      'corosync',
      isControl
        ? { stdout: corosyncConf(world) }
        : { stderr: 'cat: /etc/corosync/corosync.conf: No such file or directory\n', status: 1 },
    ),
    printed('uname', node.name),
  ];
});

/** As `sectionUnlessKnown` prints it, which takes a text's line breaks off its end and gives it one. */
function unlessKnown(
  section: AnswerSection,
  known: string,
  essence: (text: string) => string,
): readonly AnswerSection[] {
  const text = section.text.replace(/\n+$/u, '');
  const digest = createHash('sha256').update(essence(text)).digest('hex');
  return [
    { ...section, text: digest === known ? '' : `${text}\n` },
    { name: `${section.name}-digest`, text: `${digest}\n` },
  ];
}

const withoutTime = (text: string): string =>
  text.replace(/ last_updated="[^"]*"/u, '').replace(/<last_update time="[^"]*"/u, '');

export const answerVersions = sectioned(({ node }) => [
  toolSection('pacemaker', {
    stdout: `<pacemaker-result api-version="2.25" request="crm_mon --version --output-as=xml">
  <version program="Pacemaker" version="2.1.5" author="Andrew Beekhof and the Pacemaker project contributors" build="a3f44794f94" features="agent-manpages cibsecrets corosync-ge-2 generated-manpages lha monotonic nagios ncurses remote systemd"/>
  <status code="0" message="OK"/>
</pacemaker-result>
`,
  }),
  printed('pcs', '0.11.5-1+deb12u1'),
  printed('libvirt', 'libvirtd (libvirt) 9.0.0'),
  toolSection('style', { stdout: node.libvirt === 'running' ? 'libvirtd.service\nlibvirtd.socket\n' : '' }),
]);

export const answerConfiguration = sectioned(({ world, node }) => [
  toolSection('cib', world.answersFor(node) ? { stdout: wholeCibText(world) } : noCib),
  printed('uname', node.name),
]);

export const answerFencing = sectioned((call) => {
  const { world, node, args } = call;
  const [name = ''] = args;
  const request = `stonith_admin --list=${name} --timeout=10 --output-as=xml`;
  if (!world.answersFor(node)) {
    const refused = notConnectedXml(request, ['Could not connect to fencer: Transport endpoint is not connected']);
    return [crmMon(call), toolSection('list', refused)];
  }
  const target = world.nodes.get(name);
  const isListed = target !== undefined && target.role !== 'none';
  const items = isListed ? '    <item name="device">power</item>\n' : '';
  return [
    crmMon(call),
    toolSection('list', {
      stdout: `<pacemaker-result api-version="2.25" request="${request}">
  <list name="registered fence devices" count="${isListed ? 1 : 0}">
${items}  </list>
  <status code="0" message="OK"/>
</pacemaker-result>
`,
    }),
  ];
});

/** `crmadmin -D` and `crmadmin -S DC`. */
export function transitionAnswer(engine: Engine): Command {
  return sectioned(({ world, node }) => {
    if (!world.answersFor(node))
      return [
        toolSection(
          'dc',
          notConnectedXml('crmadmin -D --timeout=5s --output-as=xml', [
            'error: Could not connect to controller: Connection refused',
            'error: Command failed: Connection refused',
          ]),
        ),
        toolSection('state', {}),
      ];
    const dc = world.dc()?.name ?? '';
    const state = engine.isIdle ? 'S_IDLE' : 'S_TRANSITION_ENGINE';
    return [
      toolSection('dc', {
        stdout: `<pacemaker-result api-version="2.25" request="crmadmin -D --timeout=5s --output-as=xml">
  <dc node_name="${dc}"/>
  <status code="0" message="OK"/>
</pacemaker-result>
`,
      }),
      toolSection('state', {
        stdout:
          dc === ''
            ? ''
            : `<pacemaker-result api-version="2.25" request="crmadmin -S ${dc} --timeout=5s --output-as=xml">
  <crmd node_name="${dc}" state="${state}" result="ok"/>
  <status code="0" message="OK"/>
</pacemaker-result>
`,
      }),
    ];
  });
}

/** Pacemaker's log, followed. */
export const followLog: Command = {
  kind: 'follows',
  follow: ({ world, node }, write) =>
    world.onChange((line) => {
      if (isSilent(node)) return;
      const iso = new Date(world.clock.now()).toISOString();
      const at = `${months[Number(iso.slice(5, 7)) - 1] ?? ''} ${iso.slice(8, 10)} ${iso.slice(11, 23)}`;
      const [, from = '', text = ''] = /^(\(\w+\)) (.*)$/su.exec(line) ?? [];
      write(`${at} ${node.name} pacemaker-controld  [1742] ${from} \t${text}\n`);
    }),
};

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `ssh-keyscan` as this machine sees the others; who is silent has no line. `keyOf`: the key an address really shows. */
export function keyscanAnswer(keyOf: (address: string) => string | undefined): Command {
  return {
    kind: 'answers',
    answer: ({ world, args: [, ...hosts] }) => {
      const lines = hosts.flatMap((host) => {
        const node = world.nodeAt(host);
        const key = node === undefined || isSilent(node) ? undefined : keyOf(node.address);
        return key === undefined ? [] : [`${host} ssh-ed25519 ${key}\n`];
      });
      return { stdout: lines.join(''), stderr: '', status: 0 };
    },
  };
}
