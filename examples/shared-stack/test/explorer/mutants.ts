// Mistakes that the programs have to find: each is one that a first version of such a structure has.
import { edit, type Mutant, mutant } from "@tooling/interleave/catalog";

const stack = "shared-stack/assembly/stack.ts";
/** The walk of `toArray`, which is JavaScript, as the explorer has it. */
const walk = "shared-stack/test/explorer/assembly/stack.ts";

export const stackMutants: readonly Mutant[] = [
  mutant(
    "does not check the version after reading two words",
    edit(
      stack,
      "  } while (hasChanged(STACK, version));\n",
      "  } while (version === u64.MAX_VALUE);\n",
    ),
  ),
  mutant(
    "changes two words without marking the node",
    edit(stack, "  markNode(STACK, INSERTS);\n", ""),
  ),
  mutant(
    "walks without being pinned",
    edit(walk, "  pin(participant);\n  let count", "  let count"),
    edit(walk, "  unpin(participant);\n  return count;\n", "  return count;\n"),
  ),
  mutant(
    "reads the top before it has the lock",
    edit(
      stack,
      "  lockNode<StackClient>(STACK);\n  const block = top();\n",
      "  const block = top();\n  lockNode<StackClient>(STACK);\n",
    ),
  ),
  mutant(
    "frees what it pops instead of retiring it",
    edit(
      stack,
      "    retireAfterwards(block, bytesFor(length)); // STACK3\n    commitWrite();\n",
      "    commitWrite();\n    free(participant, block, bytesFor(length));\n",
    ),
    edit(stack, "  blockBytes,\n", "  blockBytes,\n  free,\n"),
  ),
  mutant(
    "changes the size without the journal",
    edit(stack, "  write32(SIZE, size);\n", "  atomic.store<u32>(SIZE, size);\n"),
  ),
  mutant(
    "fills a block after it was published",
    edit(stack, "    memory.copy(block + VALUE, scratch(), length);\n    lockNode", "  lockNode"),
    edit(
      stack,
      "+ length);\n    commitWrite();\n",
      "+ length);\n    commitWrite();\n    memory.copy(block + VALUE, scratch(), length);\n",
    ),
  ),
];
