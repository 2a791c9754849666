// Mistakes in the epochs.
import { edit, type Mutant, mutant } from "@tooling/interleave/catalog";

export const reclaimMutants: readonly Mutant[] = [
  mutant(
    "forgets a retired block instead of freeing it",
    edit("epoch/assembly/memory-free.ts", "    free(participant, block, bytes);\n", ""),
  ),
  mutant(
    "reads the epoch again just before it is swapped",
    edit(
      "epoch/assembly/global.ts",
      "  return atomic.cmpxchg<u64>(GLOBAL_EPOCH, epoch, epoch + 1) === epoch;\n",
      "  const now = globalEpoch();\n  return atomic.cmpxchg<u64>(GLOBAL_EPOCH, now, now + 1) === now;\n",
    ),
  ),
  mutant(
    "announces a pin plainly",
    edit(
      "epoch/assembly/layout.ts",
      '  atomic.store<u64>(changetype<usize>(area), word, offsetof<EpochArea>("announced"));',
      '  store<u64>(changetype<usize>(area), word, offsetof<EpochArea>("announced"));',
    ),
  ),
];
