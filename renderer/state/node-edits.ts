import type { NodeOfRegion } from './maintenance-actions.ts';
import { activeClient } from './session.ts';

/** What a node is shown as, as a person changes it. */
export interface NamePlate {
  readonly name: string;
  readonly description: string;
}

/** Changes name and description, if they still are as they were `seen`. @throws ProblemError `changed-meanwhile`, `name-taken` … */
export async function renameNode(on: NodeOfRegion, wanted: NamePlate, seen: NamePlate): Promise<void> {
  const { regionId, nodeId } = on;
  const { name, description } = wanted;
  await activeClient().call('nodes.rename', {
    regionId,
    nodeId,
    name,
    description,
    expectedName: seen.name,
    expectedDescription: seen.description,
  });
}

/** One tag that comes or goes. */
export type TagChange = { readonly kind: 'add' | 'remove'; readonly tag: string };

/** Changes one tag; those of others stay. @throws ProblemError */
export async function changeTag(on: NodeOfRegion, { kind, tag }: TagChange): Promise<void> {
  const { regionId, nodeId } = on;
  await activeClient().call('nodes.changeTags', {
    regionId,
    nodeId,
    add: kind === 'add' ? [tag] : [],
    remove: kind === 'remove' ? [tag] : [],
  });
}
