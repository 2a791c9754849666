// Drawn programs that have failed, shrunk: on the core, or on a mutant that nothing else here had found. They are part
// of the catalog of every target.

/** Texts of programs: see `sketches/generator.ts`. */
export const kept: readonly string[] = [
  // Leaves a leaf, or the last leaf of a layer, marked as pending.
  "b d f h: clear | set j",
  "sharedpfb sharedpfd: clear | set sharedpfd1",
  // Returns a full batch of a scan before its version was checked.
  "b sharedpfx: scan down from sharedpfx1 1 | set sharedpfx1",
];
