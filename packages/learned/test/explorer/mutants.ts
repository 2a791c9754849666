// Mistakes in the index. Each is a rule of the design turned off (the labels of the invariants are in the sources), or
// one that an implementation of such a structure has made.
//
// Not here, because nobody can tell the difference: a search that does not wait while a line is marked. The state is what
// a marked write stores last, so whoever loads it meanwhile sees the slot as a tombstone or as it is in the end, and looks
// again in either case.
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

/** A mistake, and what its discovery begins with. */
export interface PlantedMutant extends Mutant {
  /** The name of a program that shows it soon, or a part of the names of some. */
  readonly program: string;
}

export function planted(
  program: string,
  name: string,
  ...edits: Mutant["edits"][number][]
): PlantedMutant {
  return { ...mutant(name, ...edits), program };
}

const readers: readonly PlantedMutant[] = [
  planted(
    "an empty index: get b | set c",
    "takes a slot for the key's without looking at its key",
    edit(
      line,
      "  if (isEntry(state, 0) && keyIn(line, 0) === key) return 0;\n",
      "  if (isEntry(state, 0)) return 0;\n",
    ),
  ),
  planted(
    "a full line above all nodes: set e=8, remove b, remove d | get b",
    "does not look at the version after a search",
    edit(find, "    if (hasChanged(line, version)) continue; // SEARCH1\n", ""),
  ),
  planted(
    "a full line above all nodes: remove d, set c=4 | scan up",
    "does not look at the version after a line was scanned",
    edit(scan, "    if (!hasChanged(line, version)) return 0;\n", "    return 0;\n"),
  ),
  planted(
    "a conflict that is too deep: set a=1, quiesce | ",
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
  planted(
    "a node of two lines: get c | set c",
    "reads states with plain loads",
    edit(line, "  return atomic.load<u64>(line, STATE);\n", "  return load<u64>(line, STATE);\n"),
  ),
  planted(
    "the last entry of a node: set b=2 | scan up",
    "reads bits with plain loads",
    edit(group, "  return atomic.load<u64>(group, BITS);\n", "  return load<u64>(group, BITS);\n"),
  ),
];

const writers: readonly PlantedMutant[] = [
  planted(
    "a tombstone in a line",
    "stores a key into a used slot without the mark",
    edit(put, "  if (isUsed) markNode(line, INSERTS); // LINE3\n", ""),
  ),
  planted(
    "a node of two lines: get c | set c",
    "makes a slot an entry before it has its key",
    edit(put, "  write64(stateField(line), withSlot(state, slot, ENTRY)); // LINE2\n", ""),
    edit(
      put,
      "  write64(keyField(line, slot), key);\n",
      "  write64(stateField(line), withSlot(state, slot, ENTRY));\n  write64(keyField(line, slot), key);\n",
    ),
  ),
  planted(
    "a node of two lines: set c=1 | rebuild",
    "inserts into a line that is frozen",
    edit(
      put,
      "  if (by === 0 && !isChild(state)) return true;\n",
      "  if (!isChild(state)) return true;\n",
    ),
  ),
  planted(
    "a full line above all nodes: set a=1 | set e=2",
    "writes into the slots of a line that has a child by now",
    edit(
      put,
      "  if (by === 0 && !isChild(state)) return true;\n",
      "  if (by === 0) return true;\n",
    ),
  ),
  planted(
    "an empty index: set b=1 | insert b",
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
  planted(
    "changed on a condition: compare d with 101 and remove | set d",
    "removes another word than it has compared",
    edit(
      remove,
      "  if (isConditional && word !== expected) {\n    abortWrite();\n    return NOT_FOUND;\n  }\n",
      "",
    ),
  ),
  planted(
    "a line of a node gets a child: get b | set a=1",
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
  planted(
    "the last entry of a node: set b=2 | scan up",
    "does not set the bit of a line with its first entry",
    edit(
      put,
      "  if (node !== 0 && isVacant(state)) writeBit(node, indexOf(node, line), true); // GROUP2\n",
      "",
    ),
  ),
  planted(
    "the last entry of a node: set b=2 | get b, scan up",
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
  planted(
    "the last entry of a node: remove h | scan up 100, get h",
    "clears the bit of a line while it still has an entry",
    edit(
      remove,
      "  write64(stateField(line), next);\n  if (node !== 0 && isVacant(next)) writeBit(node, indexOf(node, line), false); // GROUP2\n",
      "  if (node !== 0 && isVacant(next)) writeBit(node, indexOf(node, line), false);\n  write64(stateField(line), next);\n",
    ),
  ),
  planted(
    "the last entry of a node: ",
    "changes bits without their lock",
    edit(group, "    lockNode<LearnedClient>(group);\n", ""),
    edit(group, "import { lockNode, write64 }", "import { write64 }"),
    edit(group, 'import { LearnedClient } from "./client";\n', ""),
  ),
];

const rebuilds: readonly PlantedMutant[] = [
  planted(
    "a node of two lines: set c=1 | rebuild",
    "reads a line before it has locked it to freeze it",
    edit(
      rebuild,
      "bool {\n  lockNode<LearnedClient>(line);\n  const state = stateOf(line);\n  const by = frozenBy(state);\n",
      "bool {\n  const state = stateOf(line);\n  lockNode<LearnedClient>(line);\n  const by = frozenBy(state);\n",
    ),
  ),
  planted(
    "a node of two lines: set c=1 | rebuild",
    "freezes without the lock",
    edit(
      rebuild,
      "bool {\n  lockNode<LearnedClient>(line);\n  const state = stateOf(line);\n  const by = frozenBy(state);\n",
      "bool {\n  const state = stateOf(line);\n  const by = frozenBy(state);\n",
    ),
    edit(rebuild, "    unlockLast();\n    it.other = by;\n", "    it.other = by;\n"),
    edit(
      rebuild,
      "  storeState(line, frozenState(state, owner)); // FREEZE1\n  unlockLast();\n",
      "  storeState(line, frozenState(state, owner));\n",
    ),
    edit(rebuild, "  unlockLast,\n", ""),
  ),
  planted(
    "a removal that is one too many",
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
  planted(
    "a node of two lines: rebuild | rebuild",
    "rebuilds what the line does not lead to any more",
    edit(rebuild, "!isChild(state) || childOf(state) !== root) {", "!isChild(state)) {"),
  ),
  planted(
    "a rebuild within a rebuild",
    "rebuilds within what another thread has frozen",
    edit(
      rebuild,
      "  if (by !== 0 || !isChild(state) || childOf(state) !== root) {",
      "  if (!isChild(state) || childOf(state) !== root) {",
    ),
  ),
  planted(
    "a full line above all nodes: set e=8, remove b, remove d | get b",
    "gives a line its entries back without the mark",
    edit(
      rebuild,
      "  markNode(line, INSERTS); // LINE3: a reader may know the slots as they were before the child\n",
      "",
    ),
    edit(rebuild, "  INSERTS,\n", ""),
    edit(rebuild, "  markNode,\n", ""),
  ),
  planted(
    "the last entry of two nodes",
    "leaves the bit of a line whose child had no entries",
    edit(
      rebuild,
      "  if (count === 0 && node !== 0) writeBit(node, indexOf(node, line), false);\n",
      "",
    ),
  ),
  planted(
    "a node of two lines: rebuild without block",
    "leaves lines frozen for which there was no memory",
    edit(rebuild, "  if (root !== 0) thawSubtree(root, owner);\n", ""),
  ),
  planted(
    "a conflict that is one too many: set i=1 without block 1",
    "thaws lines with entries only",
    edit(subtree, "      thaw(lineAt(frameNode(depth), frameLine(depth) - 1));\n", ""),
  ),
  planted(
    "a conflict that is one too many: set i=1 without block 3",
    "keeps what it has built when memory runs out",
    edit(build, "        freeBuilding();\n        return 0;\n", "        return 0;\n"),
  ),
  planted(
    "a node of two lines: get b | rebuild",
    "never retires the nodes of a subtree that was replaced",
    edit(
      subtree,
      "  if (!wasRetired(participant, block)) retire(participant, block, bytesOf(node));\n",
      "",
    ),
  ),
  planted(
    "a node of two lines: get b | rebuild",
    "frees the nodes of a subtree that was replaced at once",
    edit(
      subtree,
      "  if (!wasRetired(participant, block)) retire(participant, block, bytesOf(node));\n",
      "  free(participant, block, bytesOf(node));\n",
    ),
  ),
  planted(
    "a node of two lines: get b | rebuild",
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
  planted(
    "a conflict that is too deep: set a=1 | clear",
    "spins while another thread rebuilds around an empty node",
    edit(rebuild, "    if (by !== 0) awaitRebuild(by); // FREEZE5\n", ""),
  ),
  planted(
    "a node of two lines: set c=1 | rebuild",
    "spins while another thread rebuilds what a key belongs to",
    edit(put, "  if (by !== 0) awaitRebuild(by); // WRITE3\n", ""),
  ),
  planted(
    "entries are loaded",
    "frees the entries of a load before they are in the map",
    edit(
      rebuild,
      "    merge(it, entries, count);\n",
      "    free(participant, buffer, bytes);\n    merge(it, entries, count);\n",
    ),
  ),
];

/** Mistakes that a program without deaths finds. */
export const learnedMutants: readonly PlantedMutant[] = [...readers, ...writers, ...rebuilds];

const conflicting = "a conflict that is one too many: set i=1";

/** Those that only a death shows, each in its program of `crashes`. */
export const recoveryMutants: readonly PlantedMutant[] = [
  planted(
    `one death: ${conflicting}`,
    "keeps the nodes that the dead one was building",
    edit(client, "    freeBuilding();\n", ""),
  ),
  planted(
    `one death: ${conflicting}`,
    "leaves the lines that the dead one had frozen",
    edit(client, "    if (frozen !== 0) thawSubtree(frozen, owner);\n", ""),
  ),
  planted(
    `one death: ${conflicting}`,
    "does not retire what the dead one had replaced",
    edit(client, "    retireDying();\n", ""),
  ),
  planted(
    `one death: ${conflicting}`,
    "retires again what the dead one had retired",
    edit(subtree, "  if (!wasRetired(participant, block)) retire(", "  retire("),
  ),
  planted(
    `one death: ${conflicting}`,
    "frees again what the dead one was about to free",
    edit(
      subtree,
      "    if (!isPrivate(participant, block)) addPrivate(participant, block, bytes);\n    store<u32>(buildingField()",
      "    addPrivate(participant, block, bytes);\n    store<u32>(buildingField()",
    ),
  ),
  planted(
    "two deaths: a conflict that is one too many: set i=1",
    "thaws a line before those below it",
    edit(
      subtree,
      "      reachNode(childOf(state));\n      setFrame(++depth, childOf(state), 0);\n",
      "      thaw(line);\n      reachNode(childOf(state));\n      setFrame(++depth, childOf(state), 0);\n",
    ),
  ),
  planted(
    "one death: a node of two lines: load cg=4",
    "keeps the entries that the dead one was loading",
    edit(client, "    dropLoad(); // ARRAY4: before what it replaced is retired\n", ""),
  ),
  planted(
    "one death: a node of two lines: set c=1",
    "counts an entry outside of its write",
    edit(
      "tree/assembly/tree-words.ts",
      '  writeCounter(structureWord(offsetof<TreeWords>("entries")), difference);\n',
      '  const field = structureWord(offsetof<TreeWords>("entries"));\n  store<u64>(field, load<u64>(field) + difference);\n',
    ),
  ),
];
