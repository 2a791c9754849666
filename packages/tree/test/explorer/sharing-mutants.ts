// Mistakes with keys that share a slice: in their order within a leaf, and when they become a layer.
import { type Edit, edit, type Mutant, mutant } from "@tooling/interleave/catalog";

const put = "tree/assembly/put.ts";
const split = "tree/assembly/split.ts";
const scan = "tree/assembly/scan.ts";
const count = "tree/assembly/count.ts";
const remove = "tree/assembly/remove.ts";
const layer = "tree/assembly/layer.ts";
const search = "tree/assembly/search.ts";

export const withoutMark: readonly Edit[] = [
  edit(layer, "  markNode(leaf, INSERTS); // LAYER3\n", ""),
];

/** What the layer has is published after the write that leads to it. */
export const publishEarly: readonly Edit[] = [
  edit(
    layer,
    "/** How many keys there are,",
    "export let fork: usize = 0;\n\n/** How many keys there are,",
  ),
  edit(
    layer,
    "createRootLeaf(isShared ? 1 : KEYS, room)",
    "createRootLeaf(isShared ? 1 : 0, room)",
  ),
  edit(layer, "    if (!isShared) {\n", "    if (!isShared) {\n      fork = leaf;\n"),
  edit(
    put,
    "  writeSize(1);\n  commitWrite();\n  return PUT_INSERTED;\n",
    "  writeSize(1);\n  commitWrite();\n" +
      "  if (group !== NO_GROUP) atomic.store<u64>(fork, identity(SHARING + 1), 8);\n" +
      "  return PUT_INSERTED;\n",
  ),
  edit(put, "import { makeLayer }", "import { fork, makeLayer }"),
  edit(put, "import { freeSlot, insert, size }", "import { freeSlot, identity, insert, size }"),
  edit(put, "  SLOTS,\n", "  SHARING,\n  SLOTS,\n"),
];

/** Those that only leaves can show in which several keys share a slice. */
export const sharingMutants: readonly Mutant[] = [
  mutant("turns a group into a layer without marking the leaf", ...withoutMark),
  mutant("publishes the layer of a group before it has its keys", ...publishEarly),
  mutant(
    "leaves the last key of a group out of its layer",
    edit(
      layer,
      "createRootLeaf(isShared ? 1 : KEYS, room)",
      "createRootLeaf(isShared ? 1 : KEYS - 1, room)",
    ),
  ),
  mutant(
    "leaves a key of a group beside its layer",
    edit(
      layer,
      "  for (let left = SHARING; left > 0; left--) {",
      "  for (let left = SHARING; left > 1; left--) {",
    ),
  ),
  mutant(
    "gives a key of a group the value of its neighbour in the layer",
    edit(
      layer,
      "  return index === it.place ? it.value : valueIn(it.leaf, keySlot(it, index));",
      "  return index === it.place ? it.value : valueIn(it.leaf, keySlot(it, index === 0 ? 1 : index));",
    ),
  ),
  mutant(
    "makes a chain of layers by what the first two keys share",
    edit(layer, "  const last = keyRest(it, KEYS - 1);\n", "  const last = keyRest(it, 1);\n"),
  ),
  mutant(
    "looks at the first key of a group only",
    edit(
      search,
      "    if (suffixEquals(leaf, at, rest, restLength)) return matchAt(at, position);\n",
      "    if (at === WIDTH) return matchAt(at, position);\n",
    ),
  ),
  mutant(
    "adds a key to a group in front of all others",
    edit(
      put,
      "  const position = boundPosition(bound);\n",
      "  const position = boundPosition(lowerBound(leaf, lo, hi, ikey, tag));\n",
    ),
  ),
  mutant(
    "removes the first key of a group in the place of another",
    edit(
      remove,
      "removeEntry(leaf, boundPosition(bound))",
      "removeEntry(leaf, boundPosition(lowerBound(leaf, lo, hi, ikey, cls)))",
    ),
    edit(remove, "  isMatch,\n", "  isMatch,\n  lowerBound,\n"),
  ),
  mutant(
    "a scan goes on from a key of a group without regard to suffixes",
    edit(
      scan,
      "    return lowerBoundOf(leaf, lo, hi, it.ikey, it.cls, rest, it.startLength - it.offset - 8);\n",
      "    if (rest !== 0) return lowerBound(leaf, lo, hi, it.ikey, it.cls);\n",
    ),
  ),
  mutant(
    "a scan down enters a group at its first key",
    edit(
      scan,
      "  const isAbove = (it.mode === BEYOND) !== isReverse(it);\n",
      "  const isAbove = it.mode === BEYOND && !isReverse(it);\n",
    ),
  ),
  mutant(
    "a scan that has left a layer goes on with keys that have its slice by now",
    edit(
      scan,
      "  if (isAbove) return upperBound(leaf, lo, hi, it.ikey, it.cls);\n",
      "  if (isAbove && !isReverse(it)) {\n" +
        "    const bound = lowerBound(leaf, lo, hi, it.ikey, it.cls);\n" +
        "    if (!isMatch(bound)) return boundPosition(bound);\n" +
        "    const at = slot(lo, hi, boundPosition(bound));\n" +
        "    return boundPosition(bound) + (tagIn(leaf, at) > TAG_SUFFIX ? 1 : 0);\n" +
        "  }\n" +
        "  if (isAbove) return upperBound(leaf, lo, hi, it.ikey, it.cls);\n",
    ),
  ),
  mutant(
    "counts all of a group up to an end within it",
    edit(
      count,
      "    order = compareSuffix(leaf, at, rest, it.endLength - it.offset - 8);\n",
      "    if (rest === 0) order = compareSuffix(leaf, at, rest, 0);\n",
    ),
  ),
  mutant(
    "a split parts a group",
    edit(
      split,
      "  return itemIkey(it, kept - 1) !== itemIkey(it, kept);\n",
      "  return itemIkey(it, kept - 1) !== itemIkey(it, kept) || itemClass(it, kept) === TAG_SUFFIX;\n",
    ),
  ),
];
