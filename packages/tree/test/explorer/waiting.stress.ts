// Mistakes in waiting for keys that the programs find soon, in schedules and in deaths. `npm run mutants` plants all.
import { Explorer, exploreCrashes, hunt, Patch } from "@tooling/interleave";
import { expect, test } from "vitest";
import { targetNamed } from "./named.ts";

const target = targetNamed("waiting-3");
const crashes = target.crashes();

const cheap = [
  "a signal wakes nobody",
  "a signal does not raise the count",
  "looks who waits before the write",
  "a key that is replaced is not signalled",
  "leaves without ending its waits",
];

test.each(cheap)(
  "a mutant is found: %s",
  async (name) => {
    const patch = new Patch(target.mutants.find((mutant) => mutant.name === name)!.edits);
    const core = await target.compile(patch.replace);
    patch.finish();
    const budget = { rounds: [{ kind: "exhaustive", preemptions: 1 }] } as const;
    const { findings } = hunt(core, target.programs(), { budget });
    expect(findings).toHaveLength(1);
  },
  240_000,
);

const client = "tree/assembly/client.ts";
const drops = "    dropWaits(); // EVENT5\n";

const recoveries = [
  {
    does: "wakes nobody",
    edits: [{ file: client, find: "    signalAll(); // EVENT4\n", replace: "" }],
    name: "one death, waiting: wait for a | set a=1 | bury 1, insert a=2",
    complaint: /^every thread that has not ended waits/,
  },
  {
    does: "leaves the dead one's waits",
    edits: [{ file: client, find: drops, replace: "" }],
    name: "one death, waiting: wait for a | set a=1 | bury 0, insert a=2",
    complaint: /^verify gives 21/,
  },
  {
    does: "trusts that writers no longer know of a wait which the dead one no longer notes",
    edits: [
      { file: client, find: drops, replace: "    endWaits();\n" },
      { file: client, find: "{ dropWaits, signalAll }", replace: "{ endWaits, signalAll }" },
    ],
    name: "one death, waiting: wait for a | set a=1 | bury 0, insert a=2",
    complaint: /^verify gives 21/,
  },
];

test.each(recoveries)(
  "a recovery that $does is found out",
  async ({ edits, name, complaint }) => {
    const patch = new Patch(edits);
    const core = await target.compile(patch.replace);
    patch.finish();
    const { program, victims } = crashes.find(({ program }) => program.name === name)!;
    const { finding } = exploreCrashes(new Explorer(core, program), victims, {});
    expect(finding?.failure.message).toMatch(complaint);
  },
  240_000,
);
