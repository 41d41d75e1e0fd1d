import { writtenDate } from '../layout/cib-text.ts';
import { quoted } from '../world/xml-tree.ts';
import type { World } from '../world/world.ts';

const version = '2.1.5-a3f44794f94';

/** Texts by the world's version: hundreds of shells ask for the same one. */
const kept = new WeakMap<World, { readonly version: number; readonly body: string }>();

/** `crm_mon --output-as=xml`, as a control or a worker with an open connection prints it. */
export function crmMonText(world: World): string {
  const last = kept.get(world);
  const now = world.clock.now();
  const body = last?.version === world.version ? last.body : bodyOf(world);
  if (body !== last?.body) kept.set(world, { version: world.version, body });
  const iso = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
  return `<pacemaker-result api-version="2.25" request="crm_mon --output-as=xml">
  <pacemakerd sys_from="pacemakerd" state="running" last_updated="${iso}"/>
${body.replace('LAST-UPDATE', writtenDate(now))}`;
}

function bodyOf(world: World): string {
  const dc = world.dc();
  const { isQuorate } = world.quorum();
  const current =
    dc === undefined
      ? '<current_dc present="false"/>'
      : `<current_dc present="true" version="${version}" name="${dc.name}" id="${dc.id}" with_quorum="${isQuorate}" mixed_version="false"/>`;
  const members = world.members();
  return `  <summary>
    <stack type="corosync"/>
    ${current}
    <last_update time="LAST-UPDATE"/>
    <last_change time="${writtenDate(world.clock.now())}" user="root" client="cibadmin" origin="${dc?.name ?? ''}"/>
    <nodes_configured number="${members.length}"/>
    <resources_configured number="${world.vms.size + world.services.size}" disabled="0" blocked="0"/>
    <cluster_options stonith-enabled="true" symmetric-cluster="true" no-quorum-policy="stop" maintenance-mode="false" stop-all-resources="false" stonith-timeout-ms="60000" priority-fencing-delay-ms="0"/>
  </summary>
${nodesText(world)}${resourcesText(world)}${historyText(world)}${fencingText(world)}  <status code="0" message="OK"/>
</pacemaker-result>
`;
}

/** Where resources would be: the target of what is done with them, `null` for nowhere; whoever is not in it stays. */
export type Placement = ReadonlyMap<string, string | null>;
const asItIs: Placement = new Map();

function nodesOf(
  of: { readonly id: string; readonly nodes: readonly string[] },
  placement: Placement,
): readonly string[] {
  const at = placement.get(of.id);
  return at === undefined ? of.nodes : at === null ? [] : [at];
}

/** The `<nodes>` of crm_mon and crm_simulate. */
export function nodesText(world: World, placement = asItIs): string {
  const counts = new Map<string, number>();
  for (const resource of [...world.vms.values(), ...world.services.values()])
    for (const name of nodesOf(resource, placement)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const dc = world.dc();
  const lines = world.members().map((node) => {
    const isOnline = node.membership === 'online' || node.membership === 'pending';
    const isRemote = node.role === 'worker';
    const features =
      isRemote || !isOnline ? '' : ` feature_set="${node.membership === 'pending' ? '&lt;3.15.1' : '3.16.1'}"`;
    // A member that is only just coming says standby whatever the configuration has (seen in the lab).
    const isStandby = node.membership === 'pending' || world.isStandby(node);
    return `    <node name="${node.name}" id="${node.id}" online="${isOnline}" standby="${isStandby}" standby_onfail="false" maintenance="false" pending="${node.membership === 'pending'}" unclean="${node.membership === 'unclean'}" health="green"${features} shutdown="false" expected_up="${!isRemote && isOnline}" is_dc="${node === dc}" resources_running="${counts.get(node.name) ?? 0}" type="${isRemote ? 'remote' : 'member'}"/>\n`;
  });
  return `  <nodes>\n${lines.join('')}  </nodes>\n`;
}

/** The `<resources>` of both. */
export function resourcesText(world: World, placement = asItIs): string {
  const settings = world.settings();
  const now = world.clock.now();
  const placed = (resource: { readonly id: string; readonly role: string; readonly nodes: readonly string[] }) => {
    const nodes = nodesOf(resource, placement);
    const isMoved = placement.has(resource.id);
    return { id: resource.id, nodes, role: isMoved ? (nodes.length > 0 ? 'Started' : 'Stopped') : resource.role };
  };
  const services = [...world.services.values()].map(({ kind, ...service }) =>
    resourceText(world, {
      ...placed(service),
      agent: kind === 'fencing' ? 'stonith:fence_ipmilan' : 'ocf:pacemaker:remote',
      isManaged: true,
    }),
  );
  const vms = [...world.vms.values()].map((vm) => {
    const of = settings.vms.get(vm.id);
    const isManaged = of !== undefined && of.isManaged && of.unmanagedUntil <= now;
    return resourceText(world, {
      ...placed(vm),
      agent: 'ocf:heartbeat:VirtualDomain',
      isManaged,
      pending: vm.pending,
    });
  });
  return `  <resources>\n${services.join('')}${vms.join('')}  </resources>\n`;
}

function resourceText(
  world: World,
  resource: {
    readonly id: string;
    readonly agent: string;
    readonly role: string;
    readonly nodes: readonly string[];
    readonly isManaged: boolean;
    readonly pending?: string | null;
  },
): string {
  const { id, agent, role, nodes, isManaged, pending } = resource;
  const waiting = pending === null || pending === undefined ? '' : ` pending="${pending}"`;
  const start = `    <resource id="${quoted(id)}" resource_agent="${agent}" role="${role}" active="${nodes.length > 0}" orphaned="false" blocked="false" managed="${isManaged}" failed="false" failure_ignored="false" nodes_running_on="${nodes.length}"${waiting}`;
  if (nodes.length === 0) return `${start}/>\n`;
  const places = nodes.map((name) => {
    const node = world.nodes.get(name);
    return `      <node name="${name}" id="${node?.id ?? name}" cached="${node?.membership !== 'unclean'}"/>\n`;
  });
  return `${start}>\n${places.join('')}    </resource>\n`;
}

/** Only the fencing device's history: the app reads of it whether its monitor runs. */
function historyText(world: World): string {
  const at = writtenDate(world.clock.now() - 3_600_000);
  return [...world.services.values()]
    .filter(({ kind, nodes }) => kind === 'fencing' && nodes.length > 0)
    .map(
      ({ id, nodes }) => `  <node_history>
    <node name="${nodes[0] ?? ''}">
      <resource_history id="${id}" orphan="false" migration-threshold="1000000">
        <operation_history call="6" task="start" rc="0" rc_text="ok" last-rc-change="${at}" exec-time="54ms" queue-time="0ms"/>
        <operation_history call="7" task="monitor" rc="0" rc_text="ok" interval="30000ms" last-rc-change="${at}" exec-time="43ms" queue-time="0ms"/>
      </resource_history>
    </node>
  </node_history>\n`,
    )
    .join('');
}

function fencingText(world: World): string {
  if (world.fencing.length === 0) return '';
  const events = world.fencing.map(({ action, target, client, origin, delegate = origin, status, completedAt }) => {
    const end =
      completedAt === null
        ? ' extended-status="1"'
        : ` delegate="${delegate}" completed="${new Date(completedAt).toISOString().slice(0, 19).replace('T', ' ')}Z"`;
    return `    <fence_event action="${action}" target="${target}" client="${client}" origin="${origin}" status="${status}"${end}/>\n`;
  });
  return `  <fence_history>\n${events.join('')}  </fence_history>\n`;
}
