import { create } from 'zustand';

/** Which operations are listed; it stays while other pages are looked at. */
export const useOperationsFilter = create<{ readonly filter: 'all' | 'open' }>(() => ({ filter: 'all' }));
