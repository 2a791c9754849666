import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** The code of the built package: the chunk that it shares with the command. */
export function readPackage(): string {
  const index = readFileSync(`${dist}index.js`, "utf8");
  const chunk = /from "\.\/(chunk-\w+\.js)"/.exec(index)![1]!;
  return readFileSync(`${dist}${chunk}`, "utf8").replace(/^\/\/# sourceMappingURL.*$/m, "");
}
