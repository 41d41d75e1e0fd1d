/** Seeds by which a test tells `world-child.ts` how to behave; any other: well. */
export const behaviours = { failing: 2, dying: 3, silent: 4 } as const;
