// The tree as the explorer runs it: the shipped module's exports, and the allocator's, whose calls
// the block checker watches. An export is never inlined away.

export { tryAdvance } from "@masstree/epoch/assembly";
export { allocate, free, verifyMemory } from "@masstree/memory/assembly";
export * from "@masstree/tree/assembly/module";
