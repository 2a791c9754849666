/**
 * `@masstree/tree/save`: writes a map to a stream, and reads it back.
 */
export { load } from "./save/load.ts";
export { save } from "./save/save.ts";
export type * from "./save/types.ts";
