// Mistakes of recovery that show in one program each.
import { coreWith, Explorer, exploreCrashes, randomNumbers } from "@tooling/interleave";
import { expect, test } from "vitest";
import { targetNamed } from "./named.ts";

const target = targetNamed("tree-3");
const programs = target.crashes();

test.each([
  {
    does: "leaves the dead one's pin",
    edit: {
      file: "session/assembly/recover.ts",
      find: "  recoverEpochs(dead); // RECOVER3\n",
      replace: "",
    },
    name: "one death: one entry: get b",
    complaint: /^verify gives 20/,
  },
  {
    does: "waits for the region's lock",
    edit: {
      file: "memory/assembly/lock.ts",
      find: "  kept = lockRegionOrTimeout(number);\n",
      replace: "  while (!lockRegionOrTimeout(number)) {}\n  kept = true;\n",
    },
    name: "deaths at once: full leaf: set e=2, and set z=3",
    complaint: /^no end/,
  },
  {
    does: "waits for the queue's lock",
    edit: {
      file: "tree/assembly/route.ts",
      find: "  if (!lockNodeOrTimeout<Client>(WORKLIST_LOCK)) return false;\n",
      replace: "  while (!lockNodeOrTimeout<Client>(WORKLIST_LOCK)) {}\n",
    },
    name: "deaths at once: three leaves, two of them nearly empty: remove h, and remove p",
    complaint: /^no end/,
    // In the order of the steps, those that matter come late, and so they do in most others.
    random: randomNumbers(7),
  },
  {
    does: "gives back locks that others hold",
    edit: {
      file: "session/assembly/journal.ts",
      find: "    if (isHeldBy(node, owner)) unlock(node);\n",
      replace: "    unlock(node);\n",
    },
    name: "a death among others: one entry: set a=1, beside set c=2",
    complaint: /./,
  },
])("a recovery that $does is found out", async ({ edit, name, complaint, random }) => {
  const core = await coreWith(target, [edit]);
  const { program, victims } = programs.find((each) => each.program.name === name)!;
  const { finding } = exploreCrashes(new Explorer(core, program), victims, { random });
  expect(finding?.failure.message).toMatch(complaint);
});
