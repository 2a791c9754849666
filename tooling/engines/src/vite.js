// Vite, which only the long form needs: npm installs it for that.
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { npm } from "./run.js";

/** @param {string} folder */
export async function installVite(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}\n");
  await npm(["install", "vite"], folder);
  const require = createRequire(join(folder, "package.json"));
  const { build, version } = await import(pathToFileURL(require.resolve("vite")).href);
  return { name: `Vite ${version}`, build };
}
