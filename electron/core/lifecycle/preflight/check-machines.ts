import type { PreflightCheck } from '#shared/model/maintenance.ts';
import { checkOf } from './check.ts';
import type { NodeInRegion, PreflightFacts, PreflightNode } from './facts.ts';
import type { Plan } from './plan.ts';
import { poolsFound } from './pools.ts';
import { proof, type SourcePower } from './source.ts';
import { countWords, line, listWords, sentence } from './words.ts';

/** libvirt answers on the source and on every target, read just now (R19); of a fenced source the fence history takes its place. */
export function libvirtAnswers(plan: Plan, facts: PreflightFacts): PreflightCheck {
  const targets = targetNodes(plan, facts);
  const asked = plan.power === 'off' ? targets : [plan.source, ...targets];
  const title =
    plan.power === 'off'
      ? 'libvirt answers'
      : targets.length === 0
        ? 'libvirt answers on this node'
        : `libvirt answers, source and ${countWords(targets.length, 'target')}`;
  const { pass, blocker, unknown } = checkOf('libvirt-answers', title);
  const answers = asked.map((node) => ({ node, proof: proof(node.host.libvirt, facts.now) }));
  const isFine = ({ node, proof: found }: (typeof answers)[number]): boolean =>
    found.kind === 'proven' &&
    (found.value === 'answers' || (node === plan.source && plan.isEmpty && found.value === 'not-installed'));
  const bad = answers.filter((answer) => !isFine(answer));
  const figure = `${answers.length - bad.length} of ${answers.length}`;
  if (bad.length === 0) {
    if (plan.power === 'off') return pass(targets.length === 0 ? 'off, fenced' : figure);
    if (plan.domains.kind === 'proven') return pass(figure);
    return unknown({
      figure,
      words: line(`${plan.source.shownName}: its VMs could not be listed: ${plan.domains.because}`),
      fix: 'Check again once libvirt lists its domains.',
      subjects: [plan.source.name],
    });
  }
  const words = bad.map(({ node, proof: found }) =>
    line(`${node.shownName}: ${found.kind === 'proven' ? 'libvirt does not answer there' : found.because}`),
  );
  const isSource = bad.some(({ node }) => node === plan.source);
  const vms =
    plan.here.length === 0
      ? 'What runs there'
      : `What its ${countWords(plan.here.length, 'VM')} ${plan.here.length === 1 ? 'does' : 'do'}`;
  const finding = {
    figure,
    words: [...words, ...(isSource ? [`${vms} cannot be moved or verified without it.`] : [])].join(' '),
    fix: !isSource
      ? 'Bring libvirt back there, or choose another target.'
      : facts.identity.kind === 'asked'
        ? answerFirst
        : 'Bring libvirt on this node back; where that is not possible, this is for Force Maintenance.',
    subjects: bad.map(({ node }) => node.name),
  };
  const isProven = bad.some(
    ({ node, proof: found }) =>
      found.kind === 'proven' || (node === plan.source && node.host.reachability.kind === 'unreachable'),
  );
  return isProven ? blocker(finding) : unknown(finding);
}

function targetNodes(plan: Plan, { nodes }: NodeInRegion): readonly PreflightNode[] {
  const names = new Set(Object.values(plan.pins));
  return nodes.filter(({ name }) => names.has(name));
}

/** The source reaches the libvirt of every target: the migration runs from there. */
export function targetsReachEachOther(plan: Plan, facts: PreflightFacts): PreflightCheck {
  const { pass, blocker, unknown } = checkOf('targets-reach-each-other', 'Targets reached from this node');
  const targets = targetNodes(plan, facts);
  const reach = targets.map((node) => ({ node, reach: facts.targetsReachable[node.name] ?? 'unknown' }));
  const fine = reach.filter((one) => one.reach === 'yes');
  const figure = targets.length === 0 ? 'none needed' : `${fine.length} of ${targets.length}`;
  if (fine.length === targets.length) return pass(figure);
  const refused = reach.flatMap((one) =>
    typeof one.reach === 'object' ? [{ node: one.node, why: one.reach.no }] : [],
  );
  if (refused.length > 0)
    return blocker({
      figure,
      words: refused.map(({ node, why }) => line(`${node.shownName}: ${why}`)).join(' '),
      fix: `Let root on ${facts.node} log in there over SSH and reach libvirt (virsh -c qemu+ssh://${refused[0]?.node.name ?? ''}/system version), or choose another target.`,
      subjects: refused.map(({ node }) => node.name),
    });
  const names = reach.filter((one) => one.reach === 'unknown').map(({ node }) => node);
  return unknown({
    figure,
    words: `Whether ${facts.node} reaches the libvirt of ${listWords(names.map(({ shownName }) => shownName))} is not known.`,
    fix: 'Check again, or choose another target.',
    subjects: names.map(({ name }) => name),
  });
}

/** Pools whose other copies are on other nodes: taking this one away can take the last good copy. */
const shared: ReadonlySet<string> = new Set(['ceph', 'drbd']);

/** A pool of this node's own disks may well be why it is serviced; one that spans nodes must be whole first. */
export function dataPools(plan: Plan, facts: NodeInRegion): PreflightCheck {
  const { pass, warning, blocker, unknown } = checkOf('data-pools', 'Data pools healthy');
  if (plan.power === 'off') return pass('off');
  const own = plan.source.host.pools;
  if (own.kind === 'none') return pass('none');
  const found = poolsFound(own, facts.now);
  if (found.kind === 'unknown')
    return unknown({
      figure: 'not known',
      words: found.words,
      fix: 'See to what reads them on the node, and check again.',
    });
  const { figure, bad, words, subjects } = found;
  if (bad.length === 0) return pass(figure);
  const finding = { figure, words, subjects };
  const spanning = bad.filter(({ name, state }) => state !== 'unknown' && shared.has(kindOf(plan.source, name)));
  if (spanning.length > 0)
    return blocker({
      ...finding,
      fix: `Let ${listWords(spanning.map(({ name }) => name))} become whole first: another copy may not be good.`,
    });
  if (bad.some(({ state }) => state === 'unknown'))
    return unknown({ ...finding, fix: 'Look at the pool on the node, and check again.' });
  return warning({
    ...finding,
    fix: 'It is a pool of this node alone: its VMs can leave. Before a disk is pulled, make sure which one is bad.',
  });
}

function kindOf({ host }: PreflightNode, pool: string): string {
  const pools = host.pools.kind === 'known' ? host.pools.value : [];
  return pools.find(({ name }) => name === pool)?.kind ?? '';
}

/** A machine that answers and only is not heard is no silent one: it is not forced, and above all not fenced. */
export const answerFirst =
  'Answer the question about it in the top bar: until then this laptop knows nothing of it, and does nothing to it.';

/** The machine that answers is the node of the record (R12). A node that is off has nobody to ask, and nothing is written to it. */
export function nodeIsItself(facts: NodeInRegion, power: SourcePower): PreflightCheck {
  const { pass, blocker, unknown } = checkOf('node-is-itself', 'Identity');
  const { identity, node, machineId } = facts;
  switch (identity.kind) {
    case 'changed':
      return blocker({
        figure: 'changed',
        words: sentence(identity.because),
        fix: `Find out which machine answers as ${node}; only then take it for this node, by name, on its page.`,
        subjects: [node],
      });
    case 'asked':
      if (power === 'off') return pass('off');
      return blocker({
        figure: 'asks a person',
        words: line(identity.because),
        fix: answerFirst,
        subjects: [node],
      });
    case 'unknown':
      if (power === 'off') return pass('off');
      return unknown({
        figure: 'not known',
        words: line(`Whether the machine that answers is ${node} is not known: ${identity.because}`),
        fix: 'Check again once this laptop reaches it.',
        subjects: [node],
      });
    case 'itself':
      return pass(machineId ?? 'confirmed');
    default:
      return identity satisfies never;
  }
}
