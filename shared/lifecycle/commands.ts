/** What a person can ask for on a node, candidates' commands included, in the order of menus and toolbars. */
export const nodeCommands = [
  'maintenance',
  'force-maintenance',
  'activate',
  'stop-services',
  'remove',
  'rename',
  'edit-tags',
  'configure',
  'create-alarm',
  'accept',
  'reject',
  'join',
  'modify-candidate',
  'delete-candidate',
] as const;
export type NodeCommand = (typeof nodeCommands)[number];
