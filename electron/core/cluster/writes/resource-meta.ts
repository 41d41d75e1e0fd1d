import { section, sectionScript } from '../../ssh/sections.ts';
import { configurationOf, nvpair } from './configuration.ts';
import type { Guard } from './guarded.ts';
import { lookSections, rackside } from './guarded.ts';
import { scriptStart, shownWords } from './shown-command.ts';
import type { ShownCommand } from './shown-command.ts';
import { parseWrite } from './write-outcome.ts';
import type { WriteOutcome } from './write-outcome.ts';
import { attributeText, clusterName, element, xpathText } from './xml-text.ts';

/**
 * Sets an option of a resource where an administrator's `crm_resource --meta` or pcs would look for it, or takes it away (`null`): in the
 * nvpair that has it, else in the set `RESOURCE-meta_attributes`. Unlike those it carries the guard. Sets of Rackside's own stay as they are.
 *
 * - `allow-migrate` = `false`: a VM is restarted and not migrated (Force).
 * - `target-role` = `Stopped`: a VM is shut down and stays so, until `pcs resource enable`; on a Worker's connection: it is closed cleanly.
 */
export function setResourceOption(setting: {
  readonly guard: Guard;
  readonly resource: string;
  readonly name: 'allow-migrate' | 'target-role';
  readonly value: string | null;
}): ShownCommand<WriteOutcome> {
  const { guard, name, value } = setting;
  const resource = clusterName(setting.resource);
  const option = nvpair(`${resource}-meta_attributes-${name}`, name, value ?? '');
  const set = element('meta_attributes', { id: `${resource}-meta_attributes` }, [option]);
  const xml = configurationOf({ resources: [element('primitive', { id: resource }, [set])] }).text;
  const own = `resources//primitive[@id=${xpathText(resource)}]`;
  const path = `${own}/meta_attributes/nvpair[@name=${xpathText(name)} and not(starts-with(@id,"rackside-"))]`;
  const below = (xpath: string): string => `/cib/configuration/${xpath}`;
  const gone = value === null ? below(path) : '';
  const args = [
    value === null ? 'delete' : 'set',
    `${guard.xpath}[${own}]`,
    xml,
    guard.xpath,
    gone,
    '',
    below(own),
    path,
    name,
    attributeText(value ?? ''),
  ];
  const shown =
    value === null
      ? ['cibadmin', '--delete', '--xpath', `${guard.xpath}/${path}`]
      : ['cibadmin', '--modify', '--allow-create', '--xpath', `${guard.xpath}[${own}]`, '-X', xml];
  return {
    command: { script, args, privilege: 'root' },
    shown: shownWords(shown),
    deadlineMs: 200_000,
    parse: (output) =>
      parseWrite(output, { asksGone: value === null, asksExists: false, asksRequired: true, replaces: false }),
  };
}

/**
 * Arguments as those of `guarded.ts`, and $8 the option's path below the configuration, $9 its name, $10 its value. The XML is only for a
 * resource without the option: cibadmin merges by ids, and the option that is there has one of its own.
 */
const script = sectionScript([
  scriptStart,
  rackside,
  section('before', 'rackside_up'),
  section(
    'write',
    `rackside_path=$8 rackside_name=$9; rackside_value=\${10}
rackside_ids=$(timeout 20 cibadmin -Q --xpath "/cib/configuration/$rackside_path" | sed -n 's/.*<nvpair .*\\bid="\\([^"]*\\)".*/\\1/p')
case $1 in
delete) timeout 30 cibadmin --delete-all --force --xpath "$2/$rackside_path" ;;
set) if [ -z "$rackside_ids" ]; then timeout 30 cibadmin --modify --allow-create --xpath "$2" -X "$3"
else for rackside_id in $rackside_ids; do
timeout 30 cibadmin --replace --xpath "$2/resources//nvpair[@id='$rackside_id' and @name='$rackside_name']" -X "<nvpair id=\\"$rackside_id\\" name=\\"$rackside_name\\" value=\\"$rackside_value\\"/>" || break
done; fi ;;
esac >/dev/null`,
  ),
  section('after', 'rackside_up'),
  ...lookSections,
]);
