// What the explorer explores of the index.
import { fileURLToPath } from "node:url";
import { defineTarget, type Mutant, type Target } from "@tooling/interleave/catalog";
import { joinCrashes, treeCrashes } from "../../../tree/test/explorer/crashes.ts";
import { watch } from "../../../tree/test/explorer/program.ts";
import { treePrograms } from "../../../tree/test/explorer/programs.ts";
import { learnedMutants } from "./mutants.ts";
import { keyOf } from "./operations.ts";
import { shapes } from "./shapes.ts";

const directory = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The build with preconditions checked has budgets so small that the second conflict rebuilds, and bitmaps of two bits to a
 * word. The other one is what is shipped: there some calls do less than their shape is for, and no allocation fails when
 * told to.
 */
function learned(name: string, isShipped: boolean, mutants: readonly Mutant[] = []): Target {
  const possible = isShipped ? shapes.map((shape) => ({ ...shape, scarce: [] })) : shapes;
  return defineTarget({
    name,
    core: {
      directory,
      entry: "test/explorer/assembly/learned.ts",
      use: { WIDTH: 3, DEBUG: isShipped ? 0 : 1 },
      watch,
    },
    programs: () => treePrograms(possible),
    mutants,
    crashes: () => [...treeCrashes(possible), ...joinCrashes({ keys: [keyOf("b")] })],
  });
}

export const targets: readonly Target[] = [
  learned("learned", false, learnedMutants),
  learned("learned-shipped", true),
];
