import type { CallInput, CallName, CallOutput } from '#shared/contract/contract.ts';

/** The calls that act on nodes: those of `shared/contract/operations.ts`. */
export type ActingCall = Extract<
  CallName,
  | `maintenance.${string}`
  | `force.${string}`
  | `activate.${string}`
  | `removal.${string}`
  | `services.${string}`
  | `vms.${string}`
  | `operations.${string}`
  | 'nodes.rename'
  | 'nodes.changeTags'
  | 'nodes.acceptIdentity'
  | 'regions.setLimits'
  | 'regions.overrideBrake'
>;

/** What acts on one region's nodes. Each call is refused here as its dialog would refuse it. */
export type Operations = {
  readonly [Name in ActingCall]: (input: CallInput<Name>) => Promise<CallOutput<Name>>;
};
