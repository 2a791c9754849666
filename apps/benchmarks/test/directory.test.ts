import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { KeyBuilder } from "../src/keys/builder.ts";
import { readInstalledPaths } from "../src/keys/directory.ts";
import { textsOf } from "./packed-keys.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "masstree-installed-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), "");
}

async function paths(): Promise<string[]> {
  const builder = new KeyBuilder();
  await readInstalledPaths(root, builder, () => {});
  return textsOf(builder.finish()).sort();
}

it("the keys are the paths of all files under all node_modules", async () => {
  put("node_modules/a/index.js");
  put("node_modules/a/lib/deep/er.js");
  put("packages/one/node_modules/b/index.js");
  put("packages/one/src/index.ts");
  put("src/index.ts");
  expect(await paths()).toEqual([
    "node_modules/a/index.js",
    "node_modules/a/lib/deep/er.js",
    "packages/one/node_modules/b/index.js",
  ]);
});

it("a path goes through at most one link, so that cycles end", async () => {
  put("node_modules/.store/a/index.js");
  put("node_modules/.store/b/index.js");
  symlinkSync(join(root, "node_modules/.store/b"), join(root, "node_modules/.store/a/b"));
  symlinkSync(join(root, "node_modules/.store/a"), join(root, "node_modules/.store/b/a"));
  symlinkSync(join(root, "nowhere"), join(root, "node_modules/broken"));
  expect(await paths()).toEqual([
    "node_modules/.store/a/b/index.js",
    "node_modules/.store/a/index.js",
    "node_modules/.store/b/a/index.js",
    "node_modules/.store/b/index.js",
  ]);
});

it("without installed files, the message says what to do", async () => {
  await expect(paths()).rejects.toThrow(/install first, or give a file with --keys/);
});
