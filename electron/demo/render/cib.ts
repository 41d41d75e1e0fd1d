import type { World } from '../world/world.ts';

/** `cibadmin -Q`: the configuration, and of the status what the members say of themselves. */
export function wholeCibText(world: World): string {
  const states = world.members().map(({ name, id, role, membership }) => {
    const isIn = membership === 'online' || membership === 'pending';
    const attributes =
      role === 'worker'
        ? `remote_node="true" id="${id}" uname="${name}" in_ccm="${isIn}" crm-debug-origin="do_update_resource" node_fenced="0"`
        : `id="${id}" uname="${name}" in_ccm="${isIn}" crmd="${isIn ? 'online' : 'offline'}" crm-debug-origin="do_update_resource" join="${isIn ? 'member' : 'down'}" expected="${isIn ? 'member' : 'down'}"`;
    return `    <node_state ${attributes}>\n${transientText(id, '      ')}    </node_state>\n`;
  });
  return `${world.cib.startTag}>\n${world.cib.configurationText}  <status>\n${states.join('')}  </status>\n</cib>\n`;
}

/** `cibadmin -Q --xpath '/cib/configuration|//transient_attributes'`: what matched, in a list. */
export function configurationAndTransientText(world: World): string {
  const transient = world.controls().map(({ id }) => transientText(id, '  '));
  return `<xpath-query>\n${world.cib.configurationText}${transient.join('')}</xpath-query>\n`;
}

function transientText(id: string, indent: string): string {
  return `${indent}<transient_attributes id="${id}">
${indent}  <instance_attributes id="status-${id}">
${indent}    <nvpair id="status-${id}-.feature-set" name="#feature-set" value="3.16.1"/>
${indent}  </instance_attributes>
${indent}</transient_attributes>
`;
}
