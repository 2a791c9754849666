// What the explorer explores of this package.
import { fileURLToPath } from "node:url";
import { defineTarget, type Target } from "@tooling/interleave/catalog";
import { recoveryPrograms } from "./recovery.ts";

const directory = fileURLToPath(new URL("../..", import.meta.url));

export const targets: readonly Target[] = [
  defineTarget({
    name: "recovery",
    core: { directory, entry: "test/explorer/assembly/recovery.ts", use: { DEBUG: 1 } },
    crashes: recoveryPrograms,
  }),
];
