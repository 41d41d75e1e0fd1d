import type { CallInput } from '../../../shared/contract/contract.ts';
import type { NodeCommand } from '../../../shared/lifecycle/commands.ts';
import { nodeId, operationId, regionId, type NodeId, type RegionId } from '../../../shared/model/ids.ts';
import { noChoices } from '../../../shared/model/maintenance.ts';
import type { ActingCall } from '../../../electron/core/operations/operations.ts';

export const someRegion = regionId('00000000-0000-4000-8000-000000000000');
const uuid = operationId('11111111-1111-4111-8111-111111111111');
const digest = 'the digest of no plan';
const reason = 'a walk through the contract';

/** An input of every call that acts on nodes, as a dialog would send it; the type makes the list complete. `name`: of the node, typed where it is asked for. */
export function actingInputs(
  region: RegionId = someRegion,
  id: NodeId = nodeId('member:lab-c1'),
  name = 'lab-c1',
): { readonly [Name in ActingCall]: CallInput<Name> } {
  const onNode = { regionId: region, nodeId: id };
  const onOperation = { regionId: region, operationId: uuid };
  const planned = { nodeId: id, operationId: uuid, choices: noChoices, digest };
  const returning = { nodeId: id, operationId: uuid, digest, bringsVmsHome: false, acknowledgesFenceLoop: false };
  return {
    'maintenance.prepare': { ...onNode, choices: noChoices },
    'maintenance.start': { regionId: region, ...planned, reason },
    'maintenance.startMany': { regionId: region, reason, nodes: [planned] },
    'force.arm': onNode,
    'force.disarm': { ...onNode, token: 'none' },
    'force.start': {
      ...onNode,
      operationId: uuid,
      token: 'none',
      typedName: name,
      ticked: [],
      statements: {},
      reason,
    },
    'activate.prepare': onNode,
    'activate.start': { regionId: region, ...returning },
    'activate.startMany': { regionId: region, nodes: [returning] },
    'services.prepareStop': onNode,
    'services.stop': { ...onNode, operationId: uuid, digest },
    'removal.prepare': onNode,
    'removal.start': {
      ...onNode,
      operationId: uuid,
      digest,
      typedName: name,
      poolStatement: '',
      powerOffStatement: '',
      reason,
    },
    'vms.shutDown': { ...onNode, operationId: uuid, resource: 'vm1', typedName: 'vm1' },
    'operations.list': { regionId: region },
    'operations.get': onOperation,
    'operations.transcript': { ...onOperation, after: 0 },
    'operations.export': onOperation,
    'operations.cancel': onOperation,
    'operations.continue': onOperation,
    'operations.rollBack': onOperation,
    'operations.handOver': onOperation,
    'nodes.rename': { ...onNode, name: 'Anders', description: '', expectedName: name, expectedDescription: '' },
    'nodes.changeTags': { ...onNode, add: ['rack 7'], remove: [] },
    'nodes.acceptIdentity': { ...onNode, typedName: name },
    'regions.setLimits': { regionId: region, maxOutOfService: 1, maxMovesAtOnce: null },
    'regions.overrideBrake': { regionId: region, typedName: 'North' },
  };
}

/** The calls of a command on a node: `decide` speaks for each of them. */
export const callsOfCommand: Readonly<Partial<Record<NodeCommand, readonly ActingCall[]>>> = {
  maintenance: ['maintenance.prepare', 'maintenance.start', 'maintenance.startMany'],
  'force-maintenance': ['force.arm'],
  activate: ['activate.prepare', 'activate.start', 'activate.startMany'],
  'stop-services': ['services.prepareStop', 'services.stop'],
  remove: ['removal.prepare', 'removal.start'],
  rename: ['nodes.rename'],
  'edit-tags': ['nodes.changeTags'],
};
