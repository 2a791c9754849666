// Mistakes with boxes: in their life, and in the order in which they are filled, published and read.
import { edit, type Mutant, mutant } from "@tooling/interleave/catalog";

const box = "masstree/assembly/box.ts";
const values = "tree/assembly/values.ts";

const retires = "  if (block !== 0) retireAfterwards(block, changetype<V>(0).bytes(word));\n";
const imports = 'import { retireAfterwards } from "@masstree/session/assembly";\n';

export const boxedMutants: readonly Mutant[] = [
  mutant(
    "retires a box before its word is replaced",
    edit(
      values,
      imports,
      'import { retire } from "@masstree/epoch/assembly";\nimport { participant } from "@masstree/session/assembly";\n',
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
      'import { free } from "@masstree/memory/assembly";\nimport { participant } from "@masstree/session/assembly";\n',
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
    edit(box, "  if (box !== 0) copyBytes(box, payload, length); // BOX1\n", ""),
    edit(
      box,
      "  const outcome = changetype<S>(0).put(key, keyLength, word, condition, wordExpected());\n",
      "  const outcome = changetype<S>(0).put(key, keyLength, word, condition, wordExpected());\n" +
        "  if (!isShort(word)) copyBytes(<usize>word, payload, payloadLength);\n",
    ),
  ),
  mutant(
    "copies a value without being pinned",
    edit(
      box,
      "i32 {\n  pin(participant);\n  let length = ABSENT;\n",
      "i32 {\n  let length = ABSENT;\n",
    ),
    edit(box, "  unpin(participant);\n  return length;\n", "  return length;\n"),
  ),
  mutant(
    "pins again between finding a box and reading it",
    edit(
      box,
      "    const word = changetype<S>(0).word();\n    if (!isShort(word)) return <usize>word;\n",
      "    const word = changetype<S>(0).word();\n    unpin(participant);\n    pin(participant);\n    if (!isShort(word)) return <usize>word;\n",
    ),
  ),
  mutant(
    "changes a box of the same length in place",
    edit(
      box,
      "  const word = wordFor(payload, payloadLength);\n  if (word === 0) return PUT_FULL;\n",
      "  pin(participant);\n" +
        "  if (changetype<S>(0).find(participant + KEY_SCRATCH, keyLength)) {\n" +
        "    const old = changetype<S>(0).word();\n" +
        "    if (!isShort(old) && lengthOf(<usize>old) === payloadLength) {\n" +
        "      copyBytes(<usize>old, payload, payloadLength);\n" +
        "      unpin(participant);\n" +
        "      return 1;\n" +
        "    }\n" +
        "  }\n" +
        "  unpin(participant);\n" +
        "  const word = wordFor(payload, payloadLength);\n  if (word === 0) return PUT_FULL;\n",
    ),
  ),
  mutant(
    "keeps a box that could not be published",
    edit(box, "  if (outcome === PUT_FULL || outcome === PUT_REFUSED) discardWord(word);\n", ""),
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
