// What the explorer explores of this package: the tree's programs, with values in boxes.
import { fileURLToPath } from "node:url";
import type { Mutant, Target } from "@tooling/interleave/catalog";
import { shaped, shippedWidth } from "../../../tree/test/explorer/catalog.ts";
import { treeCrashes } from "../../../tree/test/explorer/crashes.ts";
import { boxedMutants } from "./mutants.ts";
import { boxed as boxedCall } from "./operations.ts";
import { boxedShapes } from "./shapes.ts";

const directory = fileURLToPath(new URL("../..", import.meta.url));

function boxed(width: number, mutants: readonly Mutant[] = []): Target {
  const all = boxedShapes(width);
  const crashes = () => treeCrashes(all);
  const entry = "test/explorer/assembly/boxed.ts";
  const name = `boxed-${width}`;
  return shaped({
    name,
    directory,
    entry,
    width,
    all,
    mutants,
    crashes,
    translate: boxedCall,
  });
}

export const targets: readonly Target[] = [boxed(3, boxedMutants), boxed(4), boxed(shippedWidth)];
