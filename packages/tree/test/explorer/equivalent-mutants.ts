// Generated mutants of the core that no check can see, each with the reason why: they do what the core does.
// `npm run mutants -- --generated` leaves them out of its score.
import type { EquivalentMutant } from "@tooling/interleave/catalog";

const permutation = "permuter/assembly/two-words.ts";
const shifts =
  "Shifts are by 5 * n or 6 + 5 * n, never by 64: only there would the comparisons differ.";
const bits = "Bit numbers are 6 + 5 * n, never 64: only there would the comparisons differ.";

export const equivalentMutants: readonly EquivalentMutant[] = [
  {
    file: "nodeversion/assembly/sleep.ts",
    find: "    if (atomic.cmpxchg<u64>(node, version, version | SLEEPERS) !== version) return NOT_SLEPT;",
    replace:
      "    if (atomic.cmpxchg<u64>(node, version, version | SLEEPERS) === version) return NOT_SLEPT;",
    reason:
      "Who sets SLEEPERS returns, spins once more, comes back, finds the bit set, and sleeps. Who loses the swap " +
      "waits for the word as it was with SLEEPERS: that returns at once, or another thread has set the bit, and then " +
      "sleeping is right.",
  },
  {
    file: permutation,
    find: "return n < 64 ? lo << n : 0;",
    replace: "return n <= 64 ? lo << n : 0;",
    reason: shifts,
  },
  {
    file: permutation,
    find: "return n < 64 ? (hi << n) | ((lo >> 1) >> (63 - n)) : lo << (n - 64);",
    replace: "return n <= 64 ? (hi << n) | ((lo >> 1) >> (63 - n)) : lo << (n - 64);",
    reason: shifts,
  },
  {
    file: permutation,
    find: "return n < 64 ? (lo >> n) | ((hi << 1) << (63 - n)) : hi >> (n - 64);",
    replace: "return n <= 64 ? (lo >> n) | ((hi << 1) << (63 - n)) : hi >> (n - 64);",
    reason: shifts,
  },
  {
    file: permutation,
    find: "return n < 64 ? hi >> n : 0;",
    replace: "return n <= 64 ? hi >> n : 0;",
    reason: shifts,
  },
  {
    file: permutation,
    find: "return bit < 64 ? ((<u64>1) << bit) - 1 : ~(<u64>0);",
    replace: "return bit <= 64 ? ((<u64>1) << bit) - 1 : ~(<u64>0);",
    reason: bits,
  },
  {
    file: permutation,
    find: "return bit < 64 ? 0 : ((<u64>1) << (bit - 64)) - 1;",
    replace: "return bit <= 64 ? 0 : ((<u64>1) << (bit - 64)) - 1;",
    reason: bits,
  },
  {
    file: "masstree/assembly/box.ts",
    find: "    store<u32>(entry, <u32>(target - first), ENTRY_VALUE);\n    store<u32>(entry, length, ENTRY_VALUE + 4);",
    replace:
      "    store<u32>(entry, length, ENTRY_VALUE + 4);\n    store<u32>(entry, <u32>(target - first), ENTRY_VALUE);",
    reason:
      "Both words are in the thread's own scratch, which nobody reads before the call returns, and no recovery at all.",
  },
  {
    file: "memory/assembly/descriptor.ts",
    find: "  atomic.store<u32>(participant, 0, PARTICIPANT_THREAD);\n  atomic.store<u32>(participant, 0, PARTICIPANT_OS_THREAD);",
    replace:
      "  atomic.store<u32>(participant, 0, PARTICIPANT_OS_THREAD);\n  atomic.store<u32>(participant, 0, PARTICIPANT_THREAD);",
    reason:
      "In Node, who asks about a thread reads its number, the system's, and its number again. So it finds two that belong " +
      "together, or 0 for the system's, which says that nothing is known: the thread is about to leave, and nobody has to " +
      "know more. In browsers, each is read once. Both orders allow both numbers, the first alone and neither, for the two " +
      "reads have writes between them as well; only the right order allows the second alone. A recoverer sets both to 0 again.",
  },
];
