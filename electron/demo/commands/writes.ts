import type { Cib, CibResult } from '../world/cib.ts';
import { nothingThere } from '../world/cib.ts';
import { attributeOf, printedElement, quoted } from '../world/xml-tree.ts';
import { sectioned, toolSection, type AnswerSection, type CommandCall } from './command.ts';

const notConnected = 'Signon to CIB failed: Transport endpoint is not connected\n';
const quorum = '/cib[@have-quorum="1"]';

/** Whether something stands there, as `rackside_there` asks; an empty path is not asked. */
function there(cib: Cib, name: string, xpath: string): AnswerSection {
  return toolSection(name, { status: xpath === '' || cib.query(xpath).length > 0 ? 0 : nothingThere });
}

/** What every guarded write looks at after itself. */
function looks(cib: Cib, args: readonly string[]): readonly AnswerSection[] {
  const [, , , guard = '', gone = '', exists = '', required = ''] = args;
  return [
    there(cib, 'guard', guard),
    there(cib, 'quorum', quorum),
    there(cib, 'gone', gone),
    there(cib, 'exists', exists),
    there(cib, 'required', required),
  ];
}

/** A write with its looks; on a machine where no cluster answers nothing is written, and nothing can be looked at. */
function written(call: CommandCall, change: (cib: Cib) => CibResult): readonly AnswerSection[] {
  const { world, node } = call;
  const uptime = (): string => ((world.clock.now() - node.bootedAt) / 1000).toFixed(2);
  const before = { name: 'before', text: uptime(), status: 0 };
  if (!world.answersFor(node)) {
    const refused = { stderr: notConnected, status: 102 };
    const names = ['guard', 'quorum', 'gone', 'exists', 'required'];
    return [
      before,
      toolSection('write', refused),
      { ...before, name: 'after' },
      ...names.map((name) => toolSection(name, { status: 102 })),
    ];
  }
  const { status, error } = change(world.cib);
  return [
    before,
    toolSection('write', { status, stderr: error }),
    { name: 'after', text: uptime(), status: 0 },
    ...looks(world.cib, call.args),
  ];
}

export const answerGuarded = sectioned((call) => {
  const [verb = '', target = '', xml = ''] = call.args;
  return written(call, (cib) => cibadmin(cib, verb, target, xml));
});

function cibadmin(cib: Cib, verb: string, target: string, xml: string): CibResult {
  switch (verb) {
    case 'modify':
    case 'take':
      return cib.modify(target, xml);
    case 'replace':
    case 'swap':
      return cib.replace(target, xml);
    case 'delete':
    case 'release':
      return cib.delete(target);
    default:
      return { status: 0, error: '' };
  }
}

/** `setResourceOption`: in the nvpair that has it, else in a set of the resource's own. */
export const answerResourceOption = sectioned((call) => {
  const [verb = '', target = '', xml = '', , , , , path = '', name = '', value = ''] = call.args;
  return written(call, (cib) => {
    if (verb === 'delete') return cib.delete(`${target}/${path}`);
    const options = cib.query(`/cib/configuration/${path}`);
    if (options.length === 0) return cib.modify(target, xml);
    let last: CibResult = { status: 0, error: '' };
    for (const option of options) {
      const id = attributeOf(option, 'id');
      // The value has come escaped already.
      last = cib.replace(
        `${target}/resources//nvpair[@id='${id}' and @name='${name}']`,
        `<nvpair id="${quoted(id)}" name="${name}" value="${value}"/>`,
      );
      if (last.status !== 0) break;
    }
    return last;
  });
});

export const answerLease = sectioned(({ world, node, args: [verb = '', target = '', xml = '', markPath = ''] }) => {
  if (!world.answersFor(node)) {
    const refused = { stderr: notConnected, status: 102 };
    return ['write', 'mark', 'quorum'].map((name) => toolSection(name, refused));
  }
  const { cib } = world;
  const { status, error } = cibadmin(cib, verb, target, xml);
  const [mark] = cib.query(markPath);
  return [
    toolSection('write', { status, stderr: error }),
    toolSection(
      'mark',
      mark === undefined
        ? { status: nothingThere, stderr: 'Call cib_query failed (-6): No such device or address\n' }
        : { stdout: printedElement(mark) },
    ),
    there(cib, 'quorum', quorum),
  ];
});

export const answerClock = sectioned(({ world }) => [
  toolSection('run', { stdout: `${Math.floor(world.clock.now() / 1000)}\n` }),
]);
