/**
 * `masstree/save`: writes a map to a stream, and reads it back.
 */
export * from "@masstree/tree/save";
