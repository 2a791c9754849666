// What the explorer explores of the index.
import { fileURLToPath } from "node:url";
import { defineTarget, type Mutant, type Target } from "@tooling/interleave/catalog";
import { joinCrashes, treeCrashes } from "../../../tree/test/explorer/crashes.ts";
import { watch } from "../../../tree/test/explorer/program.ts";
import { treePrograms } from "../../../tree/test/explorer/programs.ts";
import { boxMutants } from "./box-mutants.ts";
import { boxedShapes } from "./boxed-shapes.ts";
import { learnedMutants } from "./mutants.ts";
import { keyOf } from "./operations.ts";
import { shapes as plainShapes } from "./shapes.ts";

const directory = fileURLToPath(new URL("../..", import.meta.url));

/**
 * The build with preconditions checked has budgets so small that the second conflict rebuilds, and bitmaps of two bits to a
 * word. The other one is what is shipped: there some calls do less than their shape is for, and no allocation fails when
 * told to.
 */
function learned(
  name: string,
  isShipped: boolean,
  { mutants = [], isBoxed = false }: { mutants?: readonly Mutant[]; isBoxed?: boolean } = {},
): Target {
  const shapes = isBoxed ? boxedShapes : plainShapes;
  const possible = isShipped ? shapes.map((shape) => ({ ...shape, scarce: [] })) : shapes;
  return defineTarget({
    name,
    core: {
      directory,
      entry: `test/explorer/assembly/learned${isBoxed ? "-boxed" : ""}.ts`,
      use: { WIDTH: 3, DEBUG: isShipped ? 0 : 1, BOXED: isBoxed ? 1 : 0 },
      watch,
    },
    programs: () => treePrograms(possible),
    mutants,
    // Joining is the same, whatever values are.
    crashes: () => [
      ...treeCrashes(possible),
      ...(isBoxed ? [] : joinCrashes({ keys: [keyOf("b")] })),
    ],
  });
}

export const targets: readonly Target[] = [
  learned("learned", false, { mutants: learnedMutants }),
  learned("learned-shipped", true),
  learned("learned-boxed", false, { mutants: boxMutants, isBoxed: true }),
];
