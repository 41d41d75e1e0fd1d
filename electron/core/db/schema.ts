/** One step from a version of a file to the next; its SQL runs in the one transaction of all pending steps. */
export interface Migration {
  /** The `user_version` it leads to: 1, 2, 3 … without a hole. */
  readonly version: number;
  readonly sql: string;
}

/** What one kind of file holds. */
export interface Schema {
  /** What people call it in a notice: "the app's own database". */
  readonly title: string;
  readonly migrations: readonly Migration[];
  /**
   * Tables of what is recorded: they are saved out of a damaged file, row by row. Whatever else stands in the file is observed
   * and is read again from the region. `label` names the rows in a notice.
   */
  readonly recorded: readonly { readonly table: string; readonly label: string }[];
  /** What is deleted is overwritten, so that a forgotten secret leaves no trace in a free page; writing costs twice as much. */
  readonly isErased: boolean;
  /** `full`: every page and index is checked on opening. `none` for files too large for it, where damage shows on reading. */
  readonly check: 'full' | 'none';
}

export function latestVersion(schema: Schema): number {
  return schema.migrations.at(-1)?.version ?? 0;
}

/** Nothing of the file is recorded: all of it can be measured or read again. */
export function isObserved(schema: Schema): boolean {
  return schema.recorded.length === 0;
}
