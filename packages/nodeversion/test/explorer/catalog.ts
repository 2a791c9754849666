// What the explorer explores of this package.
import { fileURLToPath } from "node:url";
import { defineTarget, type Target } from "@tooling/interleave/catalog";
import { versionMutants } from "./mutants.ts";
import { versionPrograms } from "./version.ts";

const directory = fileURLToPath(new URL("../..", import.meta.url));

export const targets: readonly Target[] = [
  defineTarget({
    name: "version",
    core: { directory, entry: "test/explorer/assembly/version.ts", use: { DEBUG: 1 } },
    programs: versionPrograms,
    mutants: versionMutants,
  }),
];
