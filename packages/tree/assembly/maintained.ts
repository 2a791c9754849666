/*
 * What a step of maintenance comes to.
 */

/** Nothing is left to do. */
export const MAINTAINED: u32 = 0;
/** Routes are left on the worklist: the next step goes on. */
export const MAINTAINED_SOME: u32 = 1;
/** Only blocks are left that another thread may still be reading. */
export const MAINTAINED_HELD_UP: u32 = 2;
