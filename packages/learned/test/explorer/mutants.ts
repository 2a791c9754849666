// Mistakes in the index. Each is a rule of the design turned off (the labels of the invariants are in the sources), or
// one that an implementation of such a structure has made.
import { edit, type Mutant, mutant } from "@tooling/interleave/catalog";

const build = "learned/assembly/build.ts";
const client = "learned/assembly/client.ts";
const conflict = "learned/assembly/conflict.ts";
const find = "learned/assembly/find.ts";
const group = "learned/assembly/group.ts";
const line = "learned/assembly/line.ts";
const module = "learned/assembly/module.ts";
const put = "learned/assembly/put.ts";
const rebuild = "learned/assembly/rebuild.ts";
const remove = "learned/assembly/remove.ts";
const scan = "learned/assembly/scan.ts";
const subtree = "learned/assembly/subtree.ts";

const readers: readonly Mutant[] = [
  mutant(
    "takes a slot for the key's without looking at its key",
    edit(
      line,
      "  if (isEntry(state, 0) && keyIn(line, 0) === key) return 0;\n",
      "  if (isEntry(state, 0)) return 0;\n",
    ),
  ),
  mutant(
    "does not look at the version after a search",
    edit(find, "    if (hasChanged(line, version)) continue; // SEARCH1\n", ""),
  ),
  mutant(
    "does not wait for a key that is being stored into a used slot",
    edit(
      find,
      "    const version = isDirty(loaded) ? stableVersion<LearnedClient>(line) : loaded;\n",
      "    const version = loaded;\n",
    ),
  ),
  mutant(
    "does not look at the version after a line was scanned",
    edit(scan, "    if (!hasChanged(line, version)) return 0;\n", "    return 0;\n"),
  ),
  mutant(
    "reads without being pinned",
    edit(
      module,
      "export function get(_length: u32): u32 {\n  pinEpoch(participant);\n",
      "export function get(_length: u32): u32 {\n",
    ),
    edit(
      module,
      "  if (isThere) setWordOut(Found.value);\n  unpinEpoch(participant);\n",
      "  if (isThere) setWordOut(Found.value);\n",
    ),
  ),
  mutant(
    "reads states with plain loads",
    edit(line, "  return atomic.load<u64>(line, STATE);\n", "  return load<u64>(line, STATE);\n"),
  ),
  mutant(
    "reads bits with plain loads",
    edit(group, "  return atomic.load<u64>(group, BITS);\n", "  return load<u64>(group, BITS);\n"),
  ),
];

const writers: readonly Mutant[] = [
  mutant(
    "stores a key into a used slot without the mark",
    edit(put, "  if (isUsed) markNode(line, INSERTS); // LINE3\n", ""),
  ),
  mutant(
    "makes a slot an entry before it has its key",
    edit(put, "  write64(stateField(line), withSlot(state, slot, ENTRY)); // LINE2\n", ""),
    edit(
      put,
      "  write64(keyField(line, slot), key);\n",
      "  write64(stateField(line), withSlot(state, slot, ENTRY));\n  write64(keyField(line, slot), key);\n",
    ),
  ),
  mutant(
    "inserts into a line that is frozen",
    edit(
      put,
      "  if (by === 0 && !isChild(state)) return true;\n",
      "  if (!isChild(state)) return true;\n",
    ),
  ),
  mutant(
    "writes into the slots of a line that has a child by now",
    edit(
      put,
      "  if (by === 0 && !isChild(state)) return true;\n",
      "  if (by === 0) return true;\n",
    ),
  ),
  mutant(
    "inserts a key that another thread has inserted meanwhile",
    edit(
      put,
      "  const at = slotOf(line, state, key);\n",
      "  const at = isThere ? slotOf(line, state, key) : -1;\n",
    ),
    edit(
      put,
      "  if (!lockLine(line)) return AGAIN;\n  const state = stateOf(line); // WRITE1\n",
      "  const isThere = slotOf(line, stateOf(line), key) >= 0;\n  if (!lockLine(line)) return AGAIN;\n  const state = stateOf(line);\n",
    ),
  ),
  mutant(
    "removes another word than it has compared",
    edit(
      remove,
      "  if (isConditional && word !== expected) {\n    abortWrite();\n    return NOT_FOUND;\n  }\n",
      "",
    ),
  ),
  mutant(
    "publishes a child before it is filled",
    edit(
      build,
      "  fillLines(node, entries, count);\n  return node;\n",
      "  if (entries !== smallArea()) fillLines(node, entries, count);\n  return node;\n",
    ),
    edit(build, "function fillLines(", "export function fillLines("),
    edit(
      build,
      'import { freeBuilding } from "./subtree";\n',
      'import { smallArea } from "./scratch";\nimport { freeBuilding } from "./subtree";\n',
    ),
    edit(
      conflict,
      "  write64(stateField(line), childState(child)); // LINE2\n",
      "  storeState(line, childState(child));\n  fillLines(child, smallArea(), LINE_SLOTS + 1);\n",
    ),
    edit(
      conflict,
      "import { Built, build, NOT_AHEAD }",
      "import { Built, build, fillLines, NOT_AHEAD }",
    ),
    edit(conflict, "LINE_SLOTS, stateField, valueIn }", "LINE_SLOTS, storeState, valueIn }"),
    edit(conflict, "import { write32, write64, writeCounter }", "import { write32, writeCounter }"),
  ),
  mutant(
    "does not set the bit of a line with its first entry",
    edit(
      put,
      "  if (node !== 0 && isVacant(state)) writeBit(node, indexOf(node, line), true); // GROUP2\n",
      "",
    ),
  ),
  mutant(
    "sets the bit of a line after it has its first entry",
    edit(
      put,
      "  if (node !== 0 && isVacant(state)) writeBit(node, indexOf(node, line), true); // GROUP2\n",
      "",
    ),
    edit(
      put,
      "  write64(stateField(line), withSlot(state, slot, ENTRY)); // LINE2\n",
      "  write64(stateField(line), withSlot(state, slot, ENTRY));\n  if (node !== 0 && isVacant(state)) writeBit(node, indexOf(node, line), true);\n",
    ),
  ),
  mutant(
    "clears the bit of a line while it still has an entry",
    edit(
      remove,
      "  write64(stateField(line), next);\n  if (node !== 0 && isVacant(next)) writeBit(node, indexOf(node, line), false); // GROUP2\n",
      "  if (node !== 0 && isVacant(next)) writeBit(node, indexOf(node, line), false);\n  write64(stateField(line), next);\n",
    ),
  ),
  mutant(
    "changes bits without their lock",
    edit(group, "    lockNode<LearnedClient>(group);\n", ""),
    edit(group, "import { lockNode, write64 }", "import { write64 }"),
    edit(group, 'import { LearnedClient } from "./client";\n', ""),
  ),
];

const rebuilds: readonly Mutant[] = [
  mutant(
    "reads a line before it has locked it to freeze it",
    edit(
      rebuild,
      "  lockNode<LearnedClient>(line);\n  const state = stateOf(line);\n  const by = frozenBy(state);\n",
      "  const state = stateOf(line);\n  lockNode<LearnedClient>(line);\n  const by = frozenBy(state);\n",
    ),
  ),
  mutant(
    "freezes without the lock",
    edit(
      rebuild,
      "  lockNode<LearnedClient>(line);\n  const state = stateOf(line);\n  const by = frozenBy(state);\n",
      "  const state = stateOf(line);\n  const by = frozenBy(state);\n",
    ),
    edit(rebuild, "    unlockLast();\n    it.other = by;\n", "    it.other = by;\n"),
    edit(
      rebuild,
      "  storeState(line, frozenState(state, owner)); // FREEZE1\n  unlockLast();\n",
      "  storeState(line, frozenState(state, owner));\n",
    ),
    edit(rebuild, "  unlockLast,\n", ""),
  ),
  mutant(
    "counts and collects tombstones as entries",
    edit(
      rebuild,
      "    it.entries += entriesIn(state);\n",
      "    it.entries += entriesIn(state | (state >> 1));\n",
    ),
    edit(
      rebuild,
      "    if (!isEntry(state, slot)) continue;\n",
      "    if (((state >> (<u64>slot << 1)) & 3) === 0) continue;\n",
    ),
    edit(rebuild, "  isEntry,\n", ""),
  ),
  mutant(
    "rebuilds what the line does not lead to any more",
    edit(rebuild, "!isChild(state) || childOf(state) !== root) {", "!isChild(state)) {"),
  ),
  mutant(
    "rebuilds within what another thread has frozen",
    edit(
      rebuild,
      "  if (by !== 0 || !isChild(state) || childOf(state) !== root) {",
      "  if (!isChild(state) || childOf(state) !== root) {",
    ),
  ),
  mutant(
    "gives a line its entries back without the mark",
    edit(
      rebuild,
      "  markNode(line, INSERTS); // LINE3: a reader may know the slots as they were before the child\n",
      "",
    ),
    edit(rebuild, "  INSERTS,\n", ""),
    edit(rebuild, "  markNode,\n", ""),
  ),
  mutant(
    "leaves the bit of a line whose child had no entries",
    edit(
      rebuild,
      "  if (count === 0 && node !== 0) writeBit(node, indexOf(node, line), false);\n",
      "",
    ),
  ),
  mutant(
    "leaves lines frozen for which there was no memory",
    edit(rebuild, "  if (root !== 0) thawSubtree(root, owner);\n", ""),
  ),
  mutant(
    "thaws lines with entries only",
    edit(subtree, "      thaw(lineAt(frameNode(depth), frameLine(depth) - 1));\n", ""),
  ),
  mutant(
    "keeps what it has built when memory runs out",
    edit(build, "        freeBuilding();\n        return 0;\n", "        return 0;\n"),
  ),
  mutant(
    "never retires the nodes of a subtree that was replaced",
    edit(
      subtree,
      "  if (!wasRetired(participant, block)) retire(participant, block, bytesOf(node));\n",
      "",
    ),
  ),
  mutant(
    "frees the nodes of a subtree that was replaced at once",
    edit(
      subtree,
      "  if (!wasRetired(participant, block)) retire(participant, block, bytesOf(node));\n",
      "  free(participant, block, bytesOf(node));\n",
    ),
  ),
  mutant(
    "retires a subtree before it is replaced",
    edit(
      rebuild,
      "  write32(dyingField(), <u32>root);\n  writeCounter(rebuildsField(), 1);\n",
      "  writeCounter(rebuildsField(), 1);\n",
    ),
    edit(
      rebuild,
      "  const levels = it.entries > LINE_SLOTS ? Built.depth : 0;\n  commitWrite();\n",
      "  const levels = it.entries > LINE_SLOTS ? Built.depth : 0;\n  store<u32>(dyingField(), <u32>root);\n  retireDying();\n  commitWrite();\n",
    ),
  ),
  mutant(
    "spins while another thread rebuilds around an empty node",
    edit(rebuild, "    if (by !== 0) awaitRebuild(by); // FREEZE5\n", ""),
  ),
  mutant(
    "spins while another thread rebuilds what a key belongs to",
    edit(put, "  if (by !== 0) awaitRebuild(by); // WRITE3\n", ""),
  ),
  mutant(
    "frees the entries of a load before they are in the map",
    edit(
      rebuild,
      "    merge(it, entries, count);\n",
      "    free(participant, buffer, bytes);\n    merge(it, entries, count);\n",
    ),
  ),
];

/** Mistakes that a program without deaths finds. */
export const learnedMutants: readonly Mutant[] = [...readers, ...writers, ...rebuilds];

/** A mistake that only a death shows, and the program in which it does. */
export interface RecoveryMutant extends Mutant {
  /** Of `crashes`. */
  readonly program: string;
}

function recovery(
  program: string,
  name: string,
  ...edits: Mutant["edits"][number][]
): RecoveryMutant {
  return { ...mutant(name, ...edits), program };
}

const conflicting = "a conflict that is one too many: set i=1";

export const recoveryMutants: readonly RecoveryMutant[] = [
  recovery(
    `one death: ${conflicting}`,
    "keeps the nodes that the dead one was building",
    edit(client, "    freeBuilding();\n", ""),
  ),
  recovery(
    `one death: ${conflicting}`,
    "leaves the lines that the dead one had frozen",
    edit(client, "    if (frozen !== 0) thawSubtree(frozen, owner);\n", ""),
  ),
  recovery(
    `one death: ${conflicting}`,
    "does not retire what the dead one had replaced",
    edit(client, "    retireDying();\n", ""),
  ),
  recovery(
    `one death: ${conflicting}`,
    "retires again what the dead one had retired",
    edit(subtree, "  if (!wasRetired(participant, block)) retire(", "  retire("),
  ),
  recovery(
    `one death: ${conflicting}`,
    "frees again what the dead one was about to free",
    edit(
      subtree,
      "    if (!isPrivate(participant, block)) addPrivate(participant, block, bytes);\n    store<u32>(buildingField()",
      "    addPrivate(participant, block, bytes);\n    store<u32>(buildingField()",
    ),
  ),
  recovery(
    "two deaths: a conflict that is one too many: set i=1",
    "thaws a line before those below it",
    edit(
      subtree,
      "      reachNode(childOf(state));\n      setFrame(++depth, childOf(state), 0);\n",
      "      thaw(line);\n      reachNode(childOf(state));\n      setFrame(++depth, childOf(state), 0);\n",
    ),
  ),
  recovery(
    "one death: a node of two lines: load cg=4",
    "keeps the entries that the dead one was loading",
    edit(client, "    dropLoad();\n", ""),
  ),
  recovery(
    "one death: a node of two lines: set c=1",
    "counts an entry outside of its write",
    edit(
      "tree/assembly/tree-words.ts",
      '  writeCounter(structureWord(offsetof<TreeWords>("entries")), difference);\n',
      '  const field = structureWord(offsetof<TreeWords>("entries"));\n  store<u64>(field, load<u64>(field) + difference);\n',
    ),
  ),
];
