// Mistakes in watching that the programs find, in schedules and in deaths. `npm run mutants` plants all.
import { Explorer, exploreCrashes, hunt, Patch } from "@tooling/interleave";
import { expect, test } from "vitest";
import { targetNamed } from "./named.ts";

const target = targetNamed("watching-3");
const crashes = target.crashes();
const client = "tree/assembly/client.ts";

test.each(target.mutants)(
  "a mutant is found: $name",
  async ({ edits }) => {
    const patch = new Patch(edits);
    const core = await target.compile(patch.replace);
    patch.finish();
    const budget = { rounds: [{ kind: "exhaustive", preemptions: 1 }] } as const;
    const { findings } = hunt(core, target.programs(), { budget });
    expect(findings).toHaveLength(1);
  },
  240_000,
);

test("a recovery that tells of nothing is found out", async () => {
  const edits = [{ file: client, find: "    tellOfDead(); // WATCH4\n", replace: "" }];
  const patch = new Patch(edits);
  const core = await target.compile(patch.replace);
  patch.finish();
  const name = "one death, waiting: watch for a to go | remove a | bury 1, remove a";
  const { program, victims } = crashes.find(({ program }) => program.name === name)!;
  const { finding } = exploreCrashes(new Explorer(core, program), victims, {});
  expect(finding?.failure.message).toMatch(/^every thread that has not ended waits/);
}, 240_000);
