import type { DemoNode } from '../world/node.ts';
import type { World } from '../world/world.ts';

/** `cibadmin -Q`: the configuration, and of the status what the members say of themselves. */
export function wholeCibText(world: World): string {
  const states = world.members().map((node) => {
    const { name, id, role, membership } = node;
    const isIn = membership === 'online' || membership === 'pending';
    const attributes =
      role === 'worker'
        ? `remote_node="true" id="${id}" uname="${name}" in_ccm="${isIn}" crm-debug-origin="do_update_resource" node_fenced="0"`
        : `id="${id}" uname="${name}" in_ccm="${isIn}" crmd="${isIn ? 'online' : 'offline'}" crm-debug-origin="do_update_resource" join="${isIn ? 'member' : 'down'}" expected="${isIn ? 'member' : 'down'}"`;
    return `    <node_state ${attributes}>\n${transientText(id, '      ')}${historyText(node, '      ')}    </node_state>\n`;
  });
  return `${world.cib.startTag}>\n${world.cib.configurationText}  <status>\n${states.join('')}  </status>\n</cib>\n`;
}

/** `cibadmin -Q --xpath` for the parts that the read command asks for: what matched, in a list. */
export function askedCibText(world: World): string {
  const transient = world.controls().map(({ id }) => transientText(id, '  '));
  const histories = world
    .members()
    .filter(({ membership }) => membership !== 'online' && membership !== 'pending')
    .map((node) => historyText(node, '  '));
  return `<xpath-query>\n${world.cib.configurationText}${transient.join('')}${histories.join('')}</xpath-query>\n`;
}

/** What the cluster has recorded of a node: that it looked whether its fencing device runs there. A fencing wipes it. */
function historyText({ id, probedAt }: DemoNode, indent: string): string {
  if (probedAt === null) return '';
  const at = Math.floor(probedAt / 1000);
  return `${indent}<lrm id="${id}">
${indent}  <lrm_resources>
${indent}    <lrm_resource id="power" type="fence_lab" class="stonith">
${indent}      <lrm_rsc_op id="power_last_0" operation_key="power_monitor_0" operation="monitor" rc-code="7" op-status="0" interval="0" last-rc-change="${at}"/>
${indent}    </lrm_resource>
${indent}  </lrm_resources>
${indent}</lrm>
`;
}

function transientText(id: string, indent: string): string {
  return `${indent}<transient_attributes id="${id}">
${indent}  <instance_attributes id="status-${id}">
${indent}    <nvpair id="status-${id}-.feature-set" name="#feature-set" value="3.16.1"/>
${indent}  </instance_attributes>
${indent}</transient_attributes>
`;
}
