/** Where an id stands among all rows; -1 where it does not. */
export type RowIndex<Id extends string> = (id: Id | null) => number;

/** The index of these rows. It is made when it is first asked for, which most orders never are: 20,000 entries are dear. */
export function rowIndex<Id extends string>(ids: readonly Id[]): RowIndex<Id> {
  let places: ReadonlyMap<Id, number> | undefined;
  return (id) => {
    if (id === null) return -1;
    places ??= new Map(ids.map((one, index) => [one, index]));
    return places.get(id) ?? -1;
  };
}
