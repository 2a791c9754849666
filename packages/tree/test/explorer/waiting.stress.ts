// Mistakes in waiting for keys that the programs find soon, in schedules and in deaths. `npm run mutants` plants all.
import { edit } from "@tooling/interleave/catalog";
import { targetNamed } from "./named.ts";
import { testMistakes } from "./sleepers.ts";

const target = targetNamed("waiting-3");

const cheap = [
  "a signal wakes nobody",
  "a signal does not raise the count",
  "looks who waits before the write",
  "a key that is replaced is not signalled",
  "leaves without ending its waits",
].map((name) => target.mutants.find((mutant) => mutant.name === name)!);

const client = "tree/assembly/client.ts";
const drops = "    dropWaits(); // EVENT5\n";

testMistakes(target, cheap, [
  {
    does: "wakes nobody",
    edits: [edit(client, "    signalAll(); // EVENT4\n", "")],
    name: "one death, waiting: wait for a | set a=1 | bury 1, insert a=2",
    complaint: /^every thread that has not ended waits/,
  },
  {
    does: "leaves the dead one's waits",
    edits: [edit(client, drops, "")],
    name: "one death, waiting: wait for a | set a=1 | bury 0, insert a=2",
    complaint: /^verify gives 21/,
  },
  {
    does: "trusts that writers no longer know of a wait which the dead one no longer notes",
    edits: [
      edit(client, drops, "    endWaits();\n"),
      edit(client, "{ dropWaits, signalAll }", "{ endWaits, signalAll }"),
    ],
    name: "one death, waiting: wait for a | set a=1 | bury 0, insert a=2",
    complaint: /^verify gives 21/,
  },
]);
