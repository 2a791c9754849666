// What the explorer explores of this package.
import { fileURLToPath } from "node:url";
import { defineTarget, type Target } from "@tooling/interleave/catalog";
import { cacheCrashes, cachePrograms, cacheWatch } from "./cache.ts";
import { cacheMutants } from "./mutants.ts";

const directory = fileURLToPath(new URL("../..", import.meta.url));

export const targets: readonly Target[] = [
  defineTarget({
    name: "page-cache",
    core: {
      directory,
      entry: "test/explorer/assembly/cache.ts",
      use: { DEBUG: 1 },
      watch: cacheWatch,
    },
    programs: cachePrograms,
    mutants: cacheMutants,
    crashes: cacheCrashes,
  }),
];
