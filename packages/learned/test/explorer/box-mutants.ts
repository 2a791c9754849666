// Mistakes with the boxes of values: those of a load, and those that a load replaces (assembly/loaded.ts).
import { edit } from "@tooling/interleave/catalog";
import { type PlantedMutant, planted } from "./mutants.ts";

const client = "learned/assembly/client.ts";
const loaded = "learned/assembly/loaded.ts";
const rebuild = "learned/assembly/rebuild.ts";

const loading = "entries are loaded: load bdfhj=20 | get d";

/** Mistakes with the boxes of a load, and of what it replaces. */
export const boxMutants: readonly PlantedMutant[] = [
  planted(
    loading,
    "frees the boxes of a load that is in the map",
    edit(
      loaded,
      "    return;\n  }\n  retireReplaced<Boxes>(<usize>(placed & ~1));\n",
      "  }\n  discardAll<Boxes>();\n",
    ),
  ),
  planted(
    "an empty index: load bdfh=5 | load bdfh=5",
    "keeps the boxes that a load replaces",
    edit(loaded, "        retire(participant, block, changetype<V>(0).bytes(before));\n", ""),
  ),
  planted(
    loading,
    "keeps the boxes that a load replaces in the line above the first node",
    edit(rebuild, "      retireEqual<V>(behind, end, entries, count);\n", ""),
  ),
  planted(
    "entries are loaded: load bdfhj=20 | scan up",
    "frees a box that a load replaces, instead of retiring it",
    edit(
      rebuild,
      "      retireValue<V>(changetype<Entry>(at).value);\n",
      "      const word = changetype<Entry>(at).value;\n      const block = changetype<V>(0).block(word);\n      if (block !== 0) free(participant, block, changetype<V>(0).bytes(word));\n",
    ),
  ),
];

/** The same, which show when a thread dies. */
export const boxRecoveryMutants: readonly PlantedMutant[] = [
  planted(
    "one death: entries are loaded: load bdfhj=20",
    "keeps the boxes of what the dead one was loading",
    edit(loaded, "  settleBoxes();\n  const block = arrayOf();\n", "  const block = arrayOf();\n"),
  ),
  planted(
    "one death: entries are loaded: load bdfhj=20",
    "does not count an entry before its box is no longer private",
    edit(
      loaded,
      "  setLoaded(count);\n  const block = changetype<V>(0).block(word);\n  if (block !== 0) dropPrivate(participant, block);\n",
      "  const block = changetype<V>(0).block(word);\n  if (block !== 0) dropPrivate(participant, block);\n  setLoaded(count);\n",
    ),
  ),
  planted(
    "one death: a node of two lines: load bf=20",
    "retires again a box that the dead one had retired",
    edit(
      loaded,
      "      if (block !== 0 && !wasRetired(participant, block)) {\n",
      "      if (block !== 0) {\n",
    ),
  ),
  planted(
    "one death: a node of two lines: load bf=20",
    "retires what the dead one had replaced before it reads from that what boxes to retire",
    edit(
      client,
      "    dropLoad(); // ARRAY4: before what it replaced is retired\n    retireDying();\n",
      "    retireDying();\n    dropLoad();\n",
    ),
  ),
];
