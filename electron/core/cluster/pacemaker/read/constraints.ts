import type { ClusterConstraint } from '#shared/model/configuration.ts';
import { scoreOf } from './nvpairs.ts';
import { attribute, childOf, childrenOf, descendantsOf, xmlOf } from './xml.ts';
import type { XmlElement } from './xml.ts';

const kinds: Readonly<Record<string, ClusterConstraint['kind']>> = {
  rsc_location: 'location',
  rsc_colocation: 'colocation',
  rsc_order: 'order',
  rsc_ticket: 'ticket',
};

/** Where a constraint names its resources; beside it the `resource_ref` of its sets. */
const resourceAttributes = ['rsc', 'with-rsc', 'first', 'then'];

/** Every constraint of a `<configuration>`, with the tags, templates and shared rules it refers to in place of their names. */
export function constraintsIn(configuration: XmlElement): readonly ClusterConstraint[] {
  const membersOf = groupsOf(configuration);
  const nodeNames = new Map(
    childrenOf(childOf(configuration, 'nodes'), 'node').map((node) => [
      attribute(node, 'id'),
      attribute(node, 'uname') || attribute(node, 'id'),
    ]),
  );
  const rules = new Map(descendantsOf(configuration, 'rule').map((rule) => [attribute(rule, 'id'), rule]));
  return (childOf(configuration, 'constraints')?.children ?? []).flatMap((element) => {
    const kind = kinds[element.name];
    if (kind === undefined) return [];
    // A rule may stand for one of another constraint: `<rule id-ref="…"/>`.
    const ownRules = childrenOf(element, 'rule').map((rule) => rules.get(rule.attributes.get('id-ref') ?? ' ') ?? rule);
    const named = [
      ...resourceAttributes.map((name) => attribute(element, name)),
      ...descendantsOf(element, 'resource_ref').map((reference) => attribute(reference, 'id')),
    ].filter((name) => name !== '');
    return [
      {
        id: attribute(element, 'id'),
        kind,
        resources: unique(named.flatMap((name) => membersOf.get(name) ?? [name])),
        pattern: element.attributes.get('rsc-pattern') ?? null,
        nodes: unique([attribute(element, 'node'), ...ownRules.flatMap((rule) => nodesIn(rule, nodeNames))]),
        score: ownRules.length > 0 ? null : scoreOf(attribute(element, 'score')),
        xml: xmlOf(element),
      },
    ];
  });
}

/** What a tag or a template stands for in a constraint: each of its resources. */
function groupsOf(configuration: XmlElement): ReadonlyMap<string, readonly string[]> {
  const resources = childOf(configuration, 'resources');
  const ofTemplates = childrenOf(resources, 'template').map((template) => {
    const id = attribute(template, 'id');
    const users = descendantsOf(resources, 'primitive').filter((primitive) => attribute(primitive, 'template') === id);
    return [id, users.map((primitive) => attribute(primitive, 'id'))] as const;
  });
  const ofTags = childrenOf(childOf(configuration, 'tags'), 'tag').map((tag) => {
    return [attribute(tag, 'id'), childrenOf(tag, 'obj_ref').map((reference) => attribute(reference, 'id'))] as const;
  });
  return new Map([...ofTemplates, ...ofTags]);
}

/** Nodes that a rule names: `#uname`, and `#id` by its node's name. */
function nodesIn(rule: XmlElement, nodeNames: ReadonlyMap<string, string>): readonly string[] {
  return descendantsOf(rule, 'expression').flatMap((expression) => {
    const value = attribute(expression, 'value');
    const of = attribute(expression, 'attribute');
    if (of === '#uname') return [value];
    return of === '#id' ? [nodeNames.get(value) ?? value] : [];
  });
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== '');
}
