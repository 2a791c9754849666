/**
 * `masstree/node`: what needs Node's modules. Saves a map to a file or a stream of Node's, and loads it from there.
 */
export * from "@masstree/tree/node";
