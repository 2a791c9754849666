// What the explorer explores of this package.
import { fileURLToPath } from "node:url";
import { defineTarget, type Target } from "@tooling/interleave/catalog";
import { reclaimGenerator } from "./generator.ts";
import { reclaimMutants } from "./mutants.ts";
import { reclaimPrograms, reclaimWatch } from "./reclaim.ts";

const directory = fileURLToPath(new URL("../..", import.meta.url));
const use = { DEBUG: 1 };

export const targets: readonly Target[] = [
  defineTarget({
    name: "reclaim",
    core: { directory, entry: "test/explorer/assembly/reclaim.ts", use, watch: reclaimWatch },
    programs: reclaimPrograms,
    mutants: reclaimMutants,
    generator: reclaimGenerator,
  }),
];
