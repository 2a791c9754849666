/*
 * What the compiled tree with values of any size exports. The build derives it from the
 * AssemblyScript. The address of a box is that of its payload; the 32-bit word before it is the
 * payload's length.
 */
export {
  ABSENT,
  BOX_HEAD,
  type BoxExports,
  COPIED_BYTES,
} from "./generated/box-exports.ts";
