// Mistakes in watching that the programs find, in schedules and in deaths. `npm run mutants` plants all.
import { edit } from "@tooling/interleave/catalog";
import { targetNamed } from "./named.ts";
import { testMistakes } from "./sleepers.ts";

const target = targetNamed("watching-3");

testMistakes(target, target.mutants, [
  {
    does: "tells of nothing",
    edits: [edit("tree/assembly/client.ts", "    tellOfDead(); // WATCH4\n", "")],
    name: "one death, waiting: watch for a to go | remove a | bury 1, remove a",
    complaint: /^every thread that has not ended waits/,
  },
]);
