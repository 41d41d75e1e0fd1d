declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A region on this laptop: made when it is added, names its folder. */
export type RegionId = Branded<'RegionId'>;
/** A row of the node table, unique within its region: `member:NAME`, `candidate:RECORD` or `out:MACHINE-ID`. */
export type NodeId = Branded<'NodeId'>;
/** An operation, made by whoever asks for it: the same id twice is the same operation (R3). Lower-case UUID. */
export type OperationId = Branded<'OperationId'>;

/** Trusts that `value` was made as a region's id (it was read from our own store, or parsed by the contract). */
export const regionId = (value: string): RegionId => value as RegionId;
/** Trusts that `value` was made as a node's id. */
export const nodeId = (value: string): NodeId => value as NodeId;
/** The id of a member's row, by the cluster's name of it. */
export const memberId = (name: string): NodeId => nodeId(`member:${name}`);
/** Trusts that `value` was made as an operation's id. */
export const operationId = (value: string): OperationId => value as OperationId;
