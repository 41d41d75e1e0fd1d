import type { DemoNode } from '../world/node.ts';
import { quoted } from '../world/xml-tree.ts';
import type { LaidRecord } from './records.ts';
import { capacityMib, type PlacedVm } from './vms.ts';

/** The cluster's configuration at the start, as the tools of a real one would have made it. */
export function cibText(
  members: readonly DemoNode[],
  vms: readonly PlacedVm[],
  records: readonly LaidRecord[],
  now: number,
): string {
  const options: readonly (readonly [string, string])[] = [
    ['have-watchdog', 'false'],
    ['dc-version', '2.1.5-a3f44794f94'],
    ['cluster-infrastructure', 'corosync'],
    ['cluster-name', 'demo'],
    ['stonith-enabled', 'true'],
    ['placement-strategy', 'utilization'],
    ['cluster-recheck-interval', '60s'],
  ];
  const properties = options.map(([name, value]) => pair(`cib-bootstrap-options-${name}`, name, value)).join('');
  const marks = records.flatMap((record) =>
    record.node === null
      ? [
          `<cluster_property_set id="${record.name}">${pair(`${record.name}-v`, record.name, record.value)}</cluster_property_set>`,
        ]
      : [],
  );
  // Its connection was closed before its services were stopped.
  const isClosed = ({ name, power }: DemoNode) =>
    power === 'off' && records.some((record) => record.node === name && record.name === 'standby');
  return [
    '<cib crm_feature_set="3.16.1" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0"',
    ` cib-last-written="${writtenDate(now)}" update-origin="${members[0]?.name ?? ''}" update-client="cibadmin" update-user="root" have-quorum="1" dc-uuid="1">`,
    '<configuration><crm_config>',
    `<cluster_property_set id="cib-bootstrap-options">${properties}</cluster_property_set>${marks.join('')}`,
    '</crm_config><nodes>',
    ...members.map((node) =>
      nodeText(
        node,
        records.filter((record) => record.node === node.name),
      ),
    ),
    '</nodes><resources>',
    '<primitive id="power" class="stonith" type="fence_ipmilan"><instance_attributes id="power-instance_attributes">',
    `${pair('power-instance_attributes-pcmk_host_check', 'pcmk_host_check', 'dynamic-list')}</instance_attributes>`,
    '<operations><op name="monitor" interval="30s" id="power-monitor-interval-30s"/></operations></primitive>',
    ...members.filter(({ role }) => role === 'worker').map((node) => connectionText(node, isClosed(node))),
    ...vms.map(vmText),
    '</resources><constraints>',
    ...vms.map(constraintText),
    '</constraints><rsc_defaults><meta_attributes id="build-resource-defaults">',
    pair('build-resource-stickiness', 'resource-stickiness', '1'),
    '</meta_attributes></rsc_defaults></configuration></cib>',
  ].join('');
}

/** `Sun Nov 22 11:17:21 2026`, in UTC. */
export function writtenDate(at: number): string {
  const [day = '', date = '', month = '', year = '', time = ''] = new Date(at)
    .toUTCString()
    .replace(',', '')
    .split(' ');
  return `${day} ${month} ${date.replace(/^0/u, ' ')} ${time} ${year}`;
}

const pair = (id: string, name: string, value: string): string =>
  `<nvpair id="${id}" name="${name}" value="${quoted(value)}"/>`;

function nodeText(node: DemoNode, records: readonly LaidRecord[]): string {
  const attributes = records.map(({ name, value }) => pair(`nodes-${node.id}-${name}`, name, value)).join('');
  const set = attributes === '' ? '' : `<instance_attributes id="nodes-${node.id}">${attributes}</instance_attributes>`;
  const memory = pair(`nodes-${node.id}-utilization-memory`, 'memory', String(capacityMib(node)));
  const type = node.role === 'worker' ? ' type="remote"' : '';
  return `<node id="${node.id}"${type} uname="${node.name}">${set}<utilization id="nodes-${node.id}-utilization">${memory}</utilization></node>`;
}

function connectionText({ name, address }: DemoNode, hasClosed: boolean): string {
  const parameters = [
    pair(`${name}-instance_attributes-reconnect_interval`, 'reconnect_interval', '10s'),
    pair(`${name}-instance_attributes-server`, 'server', address),
  ].join('');
  const meta = hasClosed
    ? `<meta_attributes id="${name}-meta_attributes">${pair(`${name}-meta_attributes-target-role`, 'target-role', 'Stopped')}</meta_attributes>`
    : '';
  return `<primitive id="${name}" class="ocf" type="remote" provider="pacemaker"><instance_attributes id="${name}-instance_attributes">${parameters}</instance_attributes>${meta}<operations><op name="monitor" interval="5s" timeout="15s" id="${name}-monitor-interval-5s"/></operations></primitive>`;
}

const operations = [
  ['migrate_from', '60s', '0s'],
  ['migrate_to', '60s', '0s'],
  ['monitor', '30s', '10s'],
  ['start', '90s', '0s'],
  ['stop', '90s', '0s'],
] as const;

function vmText({ vm: { id, memoryMib }, allowMigrate }: PlacedVm): string {
  const parameters = [
    ['autoset_utilization_cpu', 'false'],
    ['autoset_utilization_host_memory', 'false'],
    ['autoset_utilization_hv_memory', 'false'],
    ['config', `/etc/libvirt/qemu/${id}.xml`],
    ['hypervisor', 'qemu:///system'],
    ['migration_transport', 'ssh'],
  ] as const;
  const set = parameters.map(([name, value]) => pair(`${id}-instance_attributes-${name}`, name, value)).join('');
  const ops = operations
    .map(
      ([name, timeout, interval]) =>
        `<op name="${name}" timeout="${timeout}" interval="${interval}" id="${id}-${name}-interval-${interval}"/>`,
    )
    .join('');
  return [
    `<primitive id="${id}" class="ocf" type="VirtualDomain" provider="heartbeat">`,
    `<instance_attributes id="${id}-instance_attributes">${set}</instance_attributes>`,
    `<meta_attributes id="${id}-meta_attributes">${pair(`${id}-meta_attributes-allow-migrate`, 'allow-migrate', String(allowMigrate))}</meta_attributes>`,
    `<operations>${ops}</operations>`,
    `<utilization id="${id}-utilization">${pair(`${id}-utilization-memory`, 'memory', String(memoryMib))}</utilization>`,
    '</primitive>',
  ].join('');
}

function constraintText({ vm: { id }, node, binding }: PlacedVm): string {
  switch (binding) {
    case 'none':
      return '';
    case 'prefers':
      return `<rsc_location id="location-${id}-${node}-50" rsc="${id}" node="${node}" score="50"/>`;
    case 'only-there':
      return `<rsc_location id="location-${id}" rsc="${id}"><rule id="location-${id}-rule" score="-INFINITY"><expression id="location-${id}-rule-expr" attribute="#uname" operation="ne" value="${node}"/></rule></rsc_location>`;
  }
}
