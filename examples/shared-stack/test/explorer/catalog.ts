// What the explorer explores of the stack.
import { fileURLToPath } from "node:url";
import { defineTarget, type Target } from "@tooling/interleave/catalog";
import { stackMutants } from "./mutants.ts";
import { stackCrashes, stackPrograms, watch } from "./programs.ts";

const directory = fileURLToPath(new URL("../..", import.meta.url));

export const targets: readonly Target[] = [
  defineTarget({
    name: "shared-stack",
    core: { directory, entry: "test/explorer/assembly/stack.ts", use: { DEBUG: 1 }, watch },
    programs: stackPrograms,
    mutants: stackMutants,
    crashes: stackCrashes,
  }),
];
