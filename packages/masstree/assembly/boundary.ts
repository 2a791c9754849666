/*
 * The constants that JavaScript shares with the tree of boxed values, in addition to those of the tree.
 */
export { ABSENT, BOX_HEAD, COPIED_BYTES } from "./box";
