// asc 0.28.20 crashes on an exported constant with a decorator that inlines it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { project } from "./project.ts";

const command = fileURLToPath(new URL("../bin/build-wasm.js", import.meta.url));

test("a crash of the compiler is reported with its likely cause, and the next module is built", () => {
  const entries = ["crash", "sound"].map((name) => ({ name, entry: `assembly/${name}.ts` }));
  const directory = project({
    "assembly/crash.ts": "// @ts-ignore: decorator\n@inline export const A: u32 = 1;",
    "assembly/sound.ts": "export const A: u32 = 1;",
    "wasm.config.mjs": `export default ${JSON.stringify(entries)};`,
  });
  const options = { cwd: directory, encoding: "utf8" } as const;
  const { status, stderr } = spawnSync(process.execPath, [command], options);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^build-wasm: crash: the compiler crashed.*@inline.*\n$/);
  expect(existsSync(join(directory, "build/sound.wasm"))).toBe(true);
});
