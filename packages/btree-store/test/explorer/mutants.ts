// Mistakes that the programs have to find.
import { edit, type Mutant, mutant } from "@tooling/interleave/catalog";

const file = (name: string) => `btree-store/assembly/${name}`;

export const cacheMutants: readonly Mutant[] = [
  mutant(
    "a page is added without a second look",
    edit(
      file("table.ts"),
      "  const path = pathTo(it, numberIn(page));\n  if (path !== 0) {\n    const other",
      "  const path: usize = 0;\n  if (path !== 0) {\n    const other",
    ),
  ),
  mutant(
    "the table changes without its lock",
    edit(
      file("table.ts"),
      "export function insert(page: usize): usize {\n  lockNode<StoreClient>(TABLE_LOCK);",
      "export function insert(page: usize): usize {",
    ),
  ),
  mutant(
    "a search does not begin again in a table that has grown",
    edit(file("table.ts"), "    if (atomic.load<u64>(TABLE) === it) return 0;", "    return 0;"),
  ),
  mutant(
    "a larger table has the links of the former one",
    edit(
      file("table.ts"),
      "makeTable(bitsOf(it) + 1, 1 - side)",
      "makeTable(bitsOf(it) + 1, side)",
    ),
  ),
  mutant(
    "a frame is freed at once when it leaves the table",
    edit(
      file("table.ts"),
      "    write32(FRAMES, atomic.load<u32>(FRAMES) - 1);\n    retireAfterwards(page - FRAME_HEAD, frameBytes());\n    commitWrite();",
      "    write32(FRAMES, atomic.load<u32>(FRAMES) - 1);\n    commitWrite();\n    free(participant, page - FRAME_HEAD, frameBytes());",
    ),
  ),
  mutant(
    "a frame that leaves the table takes along what follows it",
    edit(
      file("table.ts"),
      "    write32(path, atomic.load<u32>(linkAt(page, sideOf(it))));",
      "    write32(path, 0);",
    ),
  ),
  mutant(
    "dirty pages are evicted",
    edit(file("table.ts"), "else if (!isDirty(page)) forget(page);", "else forget(page);"),
  ),
  mutant(
    "a state is read without a look whether it has changed",
    edit(file("state.ts"), "    if (!hasChanged(STATE_LOCK, version)) return;", "    return;"),
  ),
  mutant(
    "a state is published without a mark",
    edit(file("state.ts"), "  markNode(STATE_LOCK, INSERTS);\n", ""),
  ),
  mutant(
    "a writer does not look at what others read",
    edit(file("reading.ts"), "    if (reading !== 0) oldest = min(oldest, reading - 1);\n", ""),
  ),
  mutant(
    "a writer does not look at the snapshots of others",
    edit(
      file("reading.ts"),
      "      oldest = min(oldest, changetype<Snapshot>(block).commit);\n",
      "",
    ),
  ),
  mutant(
    "a writer says what it releases only afterwards",
    edit(
      file("reading.ts"),
      "  const last = oldestFrom(first); // READING3\n",
      "  const last = first;\n",
    ),
  ),
  mutant(
    "a dead writer's lock is not given back",
    edit(file("client.ts"), "    orphanWriter();\n", ""),
  ),
  mutant(
    "nobody is told that a writer has died",
    edit(file("writer.ts"), "  atomic.store<u32>(ORPHANED, 1);\n", ""),
  ),
  mutant(
    "a dead reader's snapshots stay",
    edit(file("client.ts"), "    endAllReads();\n    return 0;", "    return 0;"),
  ),
  mutant(
    "a frame is marked dirty once it is in the table",
    edit(
      file("dirty.ts"),
      "  setDirty(page, 1);\n  replace(page);",
      "  replace(page);\n  setDirty(page, 1);",
    ),
  ),
];
