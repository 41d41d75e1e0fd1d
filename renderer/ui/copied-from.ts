import { createContext } from 'react';

/**
 * The first line of what is copied from here, for a ticket: which simulation it is of. Empty where it is of a real region or of none,
 * which need no label.
 */
export const CopiedFrom = createContext('');
