// What the codes of assembly/verify.ts mean, in their order from 1. In brackets the invariants as they
// are numbered in the files under assembly/, and what the details of the place are.
const meanings: readonly string[] = [
  "A leaf's permutation is no permutation (leaf L1; its words)",
  "The entries of a leaf are out of order (leaf L1; two neighbouring slices)",
  "An entry is outside its leaf's bounds (leaf L2; its slice and class)",
  "An entry's length tag does not fit its slice (the tag, and the slot or slice)",
  "An entry that has a suffix has none (suffix B4; its slot)",
  "The list of leaves is broken (leaf L3; the link, and what it should be)",
  "A leaf's lower bound does not follow its neighbour's upper one (leaf L3; the bounds)",
  "A separator is not the bound of what it leads to (internode I1, coalesce C3; both)",
  "A node does not know its parent (internode I3; the parent it has, and the right one)",
  "A node is locked or dirty though nobody is writing (its version)",
  "A deleted node can be reached (coalesce C4)",
  "A root is not marked as one, or another node is (descend D3)",
  "An internode lacks a child or has one too many (internode I2; the index, and the child)",
  "A layer is higher than any can be",
  "The size is not the number of entries (session S1; the number, and the size)",
  "Bytes are in use that nothing leads to, or the other way round (used, and found)",
  "The allocator's own invariants are broken (its code)",
  "An empty leaf waits for nobody to unlink it (leaf L7)",
];

/** What a code of `verify` means. @internal */
export function brokenInvariant(code: number): string {
  return meanings[code - 1] ?? `The tree has a broken invariant of unknown code ${code}`;
}
