import * as z from 'zod';
import { nodeFaults, type FromDemo } from '../model/demo.ts';
import { nodeId, operationId, regionId } from '../model/ids.ts';
import { vmEffects } from '../model/maintenance.ts';
import { limitBounds, regionColours } from '../model/region.ts';
import { textLimits } from '../model/texts.ts';
import type { CallInput, CallName } from './contract.ts';
import { isFeedUrl } from './feed-url.ts';

/**
 * What each call accepts. Words of a failed check are shown to a person, so each says what to enter.
 * The renderer never imports this file (zod is 109 K).
 */

const nothing = z.strictObject({});
const { maxOutOfService: out, maxMovesAtOnce: moves } = limitBounds;
const region = z.string().min(1).max(64).transform(regionId);
const node = z.string().min(1).max(256).transform(nodeId);

const host = z
  .string()
  .trim()
  .min(1, 'Enter an address or a host name.')
  .max(253, 'A host name has at most 253 characters.')
  // A link-local address names its interface behind a percent sign (RFC 4007).
  .regex(/^[A-Za-z0-9._:-]+(?:%[A-Za-z0-9._-]+)?$/, 'An address has letters, digits, dots, hyphens and colons only.')
  .regex(/^[^-]/, 'An address does not begin with a hyphen.')
  // An IPv6 address has two colons at least.
  .refine((text) => !/^[^:]*:[^:]*$/.test(text), 'The port has its own field: enter the address without it.');
const port = z.int('A port is a whole number.').min(1, 'A port is 1 to 65535.').max(65_535, 'A port is 1 to 65535.');
const user = z
  .string()
  .trim()
  .min(1, 'Enter a user name.')
  .max(64)
  // A user of a Windows domain is DOMAIN\user.
  .regex(/^[^\s:/'"`$]+$/, 'A user name has no spaces, quotes, colons or slashes.')
  .regex(/^[^-]/, 'A user name does not begin with a hyphen.');

const login = z.strictObject({
  user,
  port,
  methods: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('agent') }),
        z.strictObject({ kind: z.literal('private-key'), keyFile: z.string().min(1, 'Choose a key file.').max(4096) }),
        z.strictObject({ kind: z.literal('password') }),
        z.strictObject({ kind: z.literal('keyboard-interactive') }),
      ]),
    )
    .min(1, 'Choose at least one way to log in.')
    .max(8),
});

const newRegion = z.strictObject({
  name: z.string().trim().min(1, 'Give the region a name.').max(80, 'A region name has at most 80 characters.'),
  colour: z.enum(regionColours),
  seeds: z.array(z.strictObject({ host, port })).min(1, 'Enter the address of at least one control node.').max(16),
  login,
  jumps: z.array(z.strictObject({ host, port, login })).max(4, 'At most 4 jump hosts.'),
  nodeLogins: z.record(z.string().max(256), login),
});

const secret = z.strictObject({
  // A region, a jump host or a node of it, and a machine's own below that: two host names.
  scope: z.string().max(600),
  kind: z.enum(['password', 'passphrase', 'sudo-password']),
  user: z.string().max(64),
  host: z.string().max(262),
  keyFile: z.string().max(4096).optional(),
  value: z.string().max(4096),
  remember: z.boolean(),
});

const between = (least: number, most: number, words: string) => z.int(words).min(least, words).max(most, words);
const percent = 'Enter 0 to 100 %.';

const settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).optional(),
  fastIntervalMs: between(1000, 600_000, 'Enter 1 to 600 seconds.').optional(),
  clusterIntervalMs: between(1000, 600_000, 'Enter 1 to 600 seconds.').optional(),
  slowIntervalMs: between(10_000, 86_400_000, 'Enter 10 to 86,400 seconds.').optional(),
  hostReserveBytes: between(0, 2 ** 50, 'Enter 0 to 1,048,576 GiB.').optional(),
  hostReservePercent: z.number(percent).min(0, percent).max(100, percent).optional(),
  singleKeyShortcuts: z.boolean().optional(),
  updateFeedUrl: z
    .string()
    .trim()
    .max(2048, 'An address has at most 2,048 characters.')
    .refine((text) => text === '' || isFeedUrl(text), 'Enter an address that begins with https://, or nothing.')
    .optional(),
});

const operation = z
  .string()
  .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'An operation’s id is a UUID in lower case.')
  .transform(operationId);
const onNode = { regionId: region, nodeId: node };
const onOperation = { regionId: region, operationId: operation };
const resource = z.string().min(1).max(256);
const reason = z
  .string()
  .trim()
  .min(1, 'Say why, so that whoever finds the node knows.')
  .max(textLimits.reason, 'A reason has at most 500 characters.');
const digest = z.string().min(1).max(128);
const typed = z.string().max(512);
const targets = z.record(resource, z.string().min(1).max(256));
const choices = z.strictObject({
  targets,
  ticked: z.array(z.strictObject({ resource, effect: z.enum(vmEffects) })).max(10_000),
  movesOnlyWhatCan: z.boolean(),
  stopsServices: z.boolean(),
  alsoOut: z.array(node).max(1000),
  ahead: z.array(z.strictObject({ nodeId: node, targets, movesOnlyWhatCan: z.boolean() })).max(1000),
});
const planned = { nodeId: node, operationId: operation, choices, digest };
const returning = {
  nodeId: node,
  operationId: operation,
  digest,
  bringsVmsHome: z.boolean(),
  acknowledgesFenceLoop: z.boolean(),
};
const tag = z
  .string()
  .trim()
  .min(1, 'A tag has at least one character.')
  .max(textLimits.tag, 'A tag has at most 64 characters.')
  .regex(/^[^,\p{C}]+$/u, 'A tag has no commas and no control characters.');
const shownName = z
  .string()
  .trim()
  .min(1, 'Enter a name.')
  .max(textLimits.name, 'A name has at most 80 characters.')
  .regex(/^[^\p{C}]+$/u, 'A name has no control characters.');

const clusterName = z.string().min(1).max(256);
const fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(nodeFaults), node: clusterName }),
  z.strictObject({ kind: z.literal('quorum-lost') }),
  z.strictObject({ kind: z.literal('migration-fails'), vm: clusterName }),
  z.strictObject({ kind: z.literal('laptop-sleeps'), seconds: z.int().min(1).max(3600) }),
  z.strictObject({ kind: z.literal('heal') }),
]);

/** The input schema of every call of the contract; the type makes the list complete and each entry true to its call. */
export const inputSchemas: { readonly [Name in CallName]: z.ZodType<CallInput<Name>> } = {
  'app.info': nothing,
  'app.checkForUpdate': nothing,
  'demo.add': nothing,
  'demo.reset': nothing,
  'demo.inject': z.strictObject({ regionId: region, fault }),
  'demo.faults': z.strictObject({ regionId: region }),
  'app.dismissNotice': z.strictObject({ id: z.string().max(128) }),
  'settings.get': nothing,
  'settings.set': settings as z.ZodType<CallInput<'settings.set'>>,
  'views.get': z.strictObject({ key: z.string().min(1).max(128) }),
  'views.set': z.strictObject({ key: z.string().min(1).max(128), value: z.string().max(65_536) }),
  'regions.list': nothing,
  'regions.add': newRegion,
  'regions.update': z.strictObject({ regionId: region, region: newRegion }),
  'regions.remove': z.strictObject({ regionId: region }),
  'regions.open': z.strictObject({ regionId: region }),
  'regions.close': z.strictObject({ regionId: region }),
  'regions.snapshot': z.strictObject({ regionId: region }),
  'regions.retry': z.strictObject({ regionId: region }),
  'regions.importHost': z.strictObject({ host }),
  'maintenance.prepare': z.strictObject({ ...onNode, choices }),
  'maintenance.start': z.strictObject({ regionId: region, ...planned, reason }),
  'maintenance.startMany': z.strictObject({
    regionId: region,
    reason,
    nodes: z.array(z.strictObject(planned)).min(1, 'Select at least one node.').max(1000),
  }),
  'force.arm': z.strictObject(onNode),
  'force.disarm': z.strictObject({ ...onNode, token: z.string().max(128) }),
  'force.start': z.strictObject({
    ...onNode,
    operationId: operation,
    token: z.string().max(128),
    typedName: typed,
    ticked: z.array(z.string().max(512)).max(10_000),
    statements: z.record(z.string().max(512), typed),
    reason,
  }),
  'activate.prepare': z.strictObject(onNode),
  'activate.start': z.strictObject({ regionId: region, ...returning }),
  'activate.startMany': z.strictObject({
    regionId: region,
    nodes: z.array(z.strictObject(returning)).min(1, 'Select at least one node.').max(1000),
  }),
  'services.prepareStop': z.strictObject(onNode),
  'services.stop': z.strictObject({ ...onNode, operationId: operation, digest }),
  'removal.prepare': z.strictObject(onNode),
  'removal.start': z.strictObject({
    ...onNode,
    operationId: operation,
    digest,
    typedName: typed,
    poolStatement: typed,
    powerOffStatement: typed,
    reason,
  }),
  'vms.shutDown': z.strictObject({ ...onNode, operationId: operation, resource, typedName: typed }),
  'operations.list': z.strictObject({ regionId: region }),
  'operations.get': z.strictObject(onOperation),
  'operations.transcript': z.strictObject({ ...onOperation, after: z.int().min(0) }),
  'operations.export': z.strictObject(onOperation),
  'operations.cancel': z.strictObject(onOperation),
  'operations.continue': z.strictObject(onOperation),
  'operations.rollBack': z.strictObject(onOperation),
  'operations.handOver': z.strictObject(onOperation),
  'nodes.rename': z.strictObject({
    ...onNode,
    name: shownName,
    description: z.string().trim().max(textLimits.description, 'A description has at most 1,000 characters.'),
    expectedName: z.string().max(512),
    expectedDescription: z.string().max(2000),
  }),
  'nodes.changeTags': z.strictObject({
    ...onNode,
    add: z.array(tag).max(100),
    remove: z.array(z.string().max(512)).max(100),
  }),
  'nodes.acceptIdentity': z.strictObject({ ...onNode, typedName: typed }),
  'regions.setLimits': z.strictObject({
    regionId: region,
    maxOutOfService: between(out.least, out.most, 'Enter 0 to 10,000 nodes.').nullable(),
    maxMovesAtOnce: between(moves.least, moves.most, 'Enter 1 to 16 moves.').nullable(),
  }),
  'regions.overrideBrake': z.strictObject({ regionId: region, typedName: typed }),
  'nodes.detail': z.strictObject({ regionId: region, nodeId: node }),
  'nodes.refresh': z.strictObject({ regionId: region, nodeId: node }),
  'knownHosts.list': nothing,
  'knownHosts.trust': z.strictObject({
    regionId: region.optional(),
    keys: z
      .array(z.strictObject({ host: z.string().min(1).max(262), keyBase64: z.base64().max(16_384) }))
      .min(1)
      .max(5000),
  }),
  'knownHosts.forget': z.strictObject({ regionId: region.optional(), host: z.string().min(1).max(262) }),
  'secrets.supply': secret,
  'secrets.answer': z.strictObject({
    conversationId: z.string().max(128),
    answers: z.array(z.string().max(4096)).max(16),
  }),
  'secrets.forget': z.strictObject({ regionId: region }),
};

/** What the process of the demo region says. It is ours, but a process of its own, and may be of another build. */
export const fromDemoSchema: z.ZodType<FromDemo> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ready'),
    port,
    user,
    password: z.string().min(1),
    jump: z.object({ address: z.literal('127.0.0.1'), port }),
    seeds: z.array(host).min(1).max(16),
    hostKeys: z.array(z.object({ host, port, type: z.string(), keyBase64: z.base64().max(16_384) })),
  }),
  z.object({ kind: z.literal('fault-done'), id: z.int(), problem: z.string().nullable() }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);
