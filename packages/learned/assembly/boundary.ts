/*
 * The constants that JavaScript shares with the index, beside those of the tree.
 */
export { LINE_SLOTS } from "./line";
export { REBUILD_FULL, REBUILT } from "./rebuild";
export { AUTO_REBUILD, DOUBLES } from "./words";
