import type { Cib, CibResult } from '../world/cib.ts';
import { nothingThere } from '../world/cib.ts';
import { attributeOf, printedElement, quoted } from '../world/xml-tree.ts';
import { noCib, sectioned, toolSection, type AnswerSection, type CommandCall } from './command.ts';

const quorum = '/cib[@have-quorum="1"]';
const queryFailed = 'Call cib_query failed: No such device or address\n';

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

/** A write with its looks; on a machine where no cluster answers nothing is written, and nothing can be looked at. `attempts`: how often. */
function written(call: CommandCall, change: (cib: Cib) => CibResult, attempts = 1): readonly AnswerSection[] {
  const { world, node } = call;
  const uptime = (): string => ((world.clock.now() - node.bootedAt) / 1000).toFixed(2);
  const before = { name: 'before', text: uptime(), status: 0 };
  if (!world.answersFor(node)) {
    const [, , , guard = '', gone = '', exists = '', required = ''] = call.args;
    const asked = { guard, quorum, gone, exists, required };
    return [
      before,
      toolSection('write', { ...noCib, stderr: noCib.stderr.repeat(attempts) }),
      { ...before, name: 'after' },
      ...Object.entries(asked).map(([name, xpath]) => toolSection(name, { status: xpath === '' ? 0 : noCib.status })),
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
  const change = (cib: Cib): CibResult => {
    const options = cib.query(`/cib/configuration/${path}`);
    // The option is looked for first, and what that complains stands before what the write does.
    const looked = options.length === 0 ? queryFailed : '';
    if (verb === 'delete') return after(looked, cib.delete(`${target}/${path}`));
    if (options.length === 0) return after(looked, cib.modify(target, xml));
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
  };
  return written(call, change, 2);
});

const after = (words: string, { status, error }: CibResult): CibResult => ({ status, error: `${words}${error}` });

export const answerLease = sectioned(({ world, node, args: [verb = '', target = '', xml = '', markPath = ''] }) => {
  if (!world.answersFor(node)) {
    const asks = verb === 'read' ? ['mark', 'quorum'] : ['write', 'mark', 'quorum'];
    return ['write', 'mark', 'quorum'].map((name) => toolSection(name, asks.includes(name) ? noCib : {}));
  }
  const { cib } = world;
  const { status, error } = cibadmin(cib, verb, target, xml);
  const [mark] = cib.query(markPath);
  return [
    toolSection('write', { status, stderr: error }),
    toolSection(
      'mark',
      mark === undefined ? { status: nothingThere, stderr: queryFailed } : { stdout: printedElement(mark) },
    ),
    quorate(cib),
  ];
});

/** The same question as every guarded write asks, and here its complaint is kept. */
function quorate(cib: Cib): AnswerSection {
  const isThere = cib.query(quorum).length > 0;
  return toolSection('quorum', isThere ? {} : { status: nothingThere, stderr: queryFailed });
}

export const answerClock = sectioned(({ world }) => [
  toolSection('run', { stdout: `${Math.floor(world.clock.now() / 1000)}\n` }),
]);
