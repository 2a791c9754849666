// Mistakes with boxes: in their life, and in the order in which they are filled, published and read.
import { edit, type Mutant, mutant } from "../mutants/mutant.ts";

const box = "masstree/assembly/box.ts";
const values = "tree/assembly/values.ts";

const retires = "  if (block !== 0) retireAfterwards(block, changetype<V>(0).bytes(word));\n";
const imports = 'import { retireAfterwards } from "./transaction";\n';

export const boxedMutants: readonly Mutant[] = [
  mutant(
    "retires a box before its word is replaced",
    edit(
      values,
      imports,
      'import { retire } from "@masstree/epoch/assembly";\nimport { participant } from "./session";\n',
    ),
    edit(
      values,
      retires,
      "  if (block !== 0) retire(participant, block, changetype<V>(0).bytes(word));\n",
    ),
  ),
  mutant(
    "frees a box instead of retiring it",
    edit(
      values,
      imports,
      'import { free } from "@masstree/memory/assembly";\nimport { participant } from "./session";\n',
    ),
    edit(
      values,
      retires,
      "  if (block !== 0) free(participant, block, changetype<V>(0).bytes(word));\n",
    ),
  ),
  mutant("never retires a box", edit(values, retires, "")),
  mutant(
    "fills a box after its word is published",
    edit(
      box,
      "  copyPayload(box, payload, length);\n  const outcome = setBox(keyLength, box); // X1\n",
      "  const outcome = setBox(keyLength, box);\n  copyPayload(box, payload, length);\n",
    ),
  ),
  mutant(
    "copies a value without being pinned",
    edit(
      box,
      "COPIED;\n  pin(participant);\n  let length = ABSENT;\n",
      "COPIED;\n  let length = ABSENT;\n",
    ),
    edit(box, "  unpin(participant);\n  return length;\n", "  return length;\n"),
  ),
  mutant(
    "pins again between finding a box and reading it",
    edit(
      box,
      "  if (found === PRESENT && !isShort(locatedValue)) return <usize>locatedValue;\n  unpin(participant);\n",
      "  unpin(participant);\n  pin(participant);\n  if (found === PRESENT && !isShort(locatedValue)) return <usize>locatedValue;\n  unpin(participant);\n",
    ),
  ),
  mutant(
    "changes a box of the same length in place",
    edit(
      box,
      "  const box = allocateBox(length);\n  if (box === 0) return FULL;\n",
      "  pin(participant);\n" +
        "  if (locate(participant + KEY_SCRATCH, keyLength) === PRESENT && !isShort(locatedValue)) {\n" +
        "    if (lengthOf(<usize>locatedValue) === length) {\n" +
        "      copyPayload(<usize>locatedValue, payload, length);\n" +
        "      unpin(participant);\n" +
        "      return 1;\n" +
        "    }\n" +
        "  }\n" +
        "  unpin(participant);\n" +
        "  const box = allocateBox(length);\n  if (box === 0) return FULL;\n",
    ),
  ),
  mutant(
    "keeps a box that could not be published",
    edit(box, "  if (outcome === FULL) discardBox(box);\n", ""),
  ),
  mutant(
    "takes a box's block for smaller than it is when it goes",
    edit(
      box,
      "    return blockBytes(lengthOf(<usize>word));\n",
      "    return roundedBytes(lengthOf(<usize>word));\n",
    ),
  ),
];
