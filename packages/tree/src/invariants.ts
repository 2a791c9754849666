/*
 * What the codes of assembly/verify.ts mean, in order from 1. In brackets are the labels of the
 * invariants in the files under assembly/, and what the details of the place are.
 */
export const meanings: readonly string[] = [
  "A leaf's permutation is no permutation (LEAF1; its words)",
  "The entries of a leaf are out of order (LEAF1; two neighbouring slices)",
  "An entry is outside its leaf's bounds (LEAF2; its slice and class)",
  "An entry's length tag does not fit its slice (the tag, and the slot or slice)",
  "An entry's suffix is missing (BAG4; its slot)",
  "The list of leaves is broken (LEAF3; the link, and what it should be)",
  "A leaf's lower bound does not follow its neighbour's upper one (LEAF3; the bounds)",
  "A separator differs from the bound of its child (INTERNODE1, COALESCE3; both)",
  "A node names the wrong parent (INTERNODE3; the parent that it names, and the right one)",
  "A node is locked or dirty though nobody is writing (its version)",
  "A deleted node can be reached (COALESCE4)",
  "A root is not marked as one, or another node is (DESCEND3)",
  "An internode has a child too few or too many (INTERNODE2; the index, and the child)",
  "A layer is higher than any can be",
  "A counter differs from what it counts (WORDS1; the number found, and the counter)",
  "Bytes in use differ from those that something leads to (used, and found)",
  "The allocator's own invariants are broken (its code)",
  "No route leads to an empty leaf (LEAF7)",
  "A leaf is marked as if a route led to it (LEAF7)",
  "The epochs' own invariants are broken (its code)",
  "An event is waited for by nobody, or a wait is known to no writer (EVENT3)",
  "More keys share a slice in a leaf than a layer should be made for (LEAF1; the slice)",
];

/** What a code of `verify` means, of a structure whose codes have these meanings. @internal */
export function brokenInvariant(of: readonly string[], code: number): string {
  return of[code - 1] ?? `The tree has a broken invariant of unknown code ${code}`;
}
