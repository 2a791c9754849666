// Mistakes in merging leaves.
import { edit, type Mutant, mutant } from "@tooling/interleave/catalog";

const merge = "tree/assembly/merge.ts";

/** Those that only leaves can show that are merged: they have four entries or more. */
export const mergeMutants: readonly Mutant[] = [
  mutant(
    "takes entries in without marking the leaf",
    edit("tree/assembly/coalesce.ts", "  markNode(left, INSERTS);\n", ""),
  ),
  mutant(
    "takes in all but the last entry",
    edit(
      merge,
      "position < moved; position++) {\n    const from",
      "position + 1 < moved; position++) {\n    const from",
    ),
  ),
  mutant(
    "takes entries in without their suffixes",
    edit(merge, "  if (!takeSuffixes(left, lo, hi, kept, leaf)) return false;\n", ""),
  ),
  mutant(
    "takes in whatever there is by now",
    edit(merge, "  if (kept + moved > MERGED) return false;\n", ""),
  ),
];
