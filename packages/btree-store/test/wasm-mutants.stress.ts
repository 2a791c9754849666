// Mistakes planted in the AssemblyScript: each is compiled, put into the built package, and caught as those of
// mutants.test.ts are.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { random } from "@tooling/vitest/random";
import { afterAll, expect, test } from "vitest";
import { wasm } from "../src/generated/btree-store.ts";
import type { StoreClass } from "./support/crashes.ts";
import { runGauntlet } from "./support/gauntlet.ts";
import { readPackage } from "./support/package-text.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = `${root}reports/wasm-mutants/`;

/** A file of assembly/, what is there once, and what replaces it. */
const mutants: [name: string, file: string, from: string, to: string][] = [
  [
    "checksums of pages are not checked",
    "page.ts",
    "if (load<u32>(page) !== crc32c(0, page + 4, pageBytes() - 4)) return BAD_CRC;",
    "",
  ],
  [
    "pages are changed in place",
    "transaction.ts",
    "if (isDirty(page)) return page;",
    "return page;",
  ],
  [
    "the former page of a copy is lost",
    "transaction.ts",
    "  rename(copy, taken, words().commit);\n  add(words().freed, numberOf(page), 1);",
    "  rename(copy, taken, words().commit);",
  ],
  [
    "a merge loses an entry",
    "rebalance.ts",
    "for (let i: u32 = 0; i < count; i++) appendCopy(target, kind, cellAt(right, i));",
    "for (let i: u32 = 1; i < count; i++) appendCopy(target, kind, cellAt(right, i));",
  ],
  [
    "a separator is what both neighbours have in common",
    "put.ts",
    "    memory.copy(to, keyBytes(LEAF, first), shared + 1);\n    describeKey(shared + 1, 0, 0, to);",
    "    memory.copy(to, keyBytes(LEAF, first), shared);\n    describeKey(shared, 0, 0, to);",
  ],
  [
    "the chain of a key that is removed is lost",
    "remove.ts",
    "if ((keyWord(LEAF, cell) & IN_CHAIN) !== 0) giveUpChain(load<u32>(keyTail(LEAF, cell), 4));",
    "",
  ],
  [
    "a page that is taken anew keeps its former frame",
    "table.ts",
    "    write32(path, <u32>(page - FRAME_HEAD));\n    retireAfterwards(former",
    "    retireAfterwards(former",
  ],
  [
    "values of one length count as the same",
    "differ.ts",
    "return compareBytes(from, word, other, word) !== 0;",
    "return false;",
  ],
  [
    "what one tree has behind the end of the other is not compared",
    "differ.ts",
    "if (!hasOlder) return compareWithNothing(NEWER, endLength, flags);",
    "if (!hasOlder) return SAME;",
  ],
  [
    "two states of a tree are compared beyond the range",
    "differ.ts",
    "if (isBeyond(length, endLength, flags)) return SAME;\n  out(OUT_LENGTH, length);",
    "out(OUT_LENGTH, length);",
  ],
  [
    "dirty pages are evicted",
    "table.ts",
    "else if (!isDirty(page)) forget(page);",
    "else forget(page);",
  ],
];

async function load(name: string, code: string): Promise<StoreClass> {
  const file = `${folder}${name}.mjs`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, readPackage().replace(wasm, code));
  return ((await import(pathToFileURL(file).href)) as { BTreeStore: StoreClass }).BTreeStore;
}

/** The package's module with one text replaced, in hexadecimal. */
function compile(name: string, file: string, from: string, to: string): string {
  const own = `${folder}${name}/`;
  rmSync(own, { recursive: true, force: true }); // A run that was killed has left it.
  mkdirSync(own, { recursive: true });
  cpSync(`${root}assembly`, `${own}assembly`, { recursive: true });
  for (const one of ["package.json", "wasm.config.mjs"]) cpSync(`${root}${one}`, `${own}${one}`);
  symlinkSync(`${root}node_modules`, `${own}node_modules`);
  const text = readFileSync(`${own}assembly/${file}`, "utf8");
  expect(text.split(from).length, `places of: ${from}`).toBe(2);
  writeFileSync(
    `${own}assembly/${file}`,
    text.replace(from, () => to),
  );
  const { status, stderr } = spawnSync(`${root}node_modules/.bin/build-wasm`, [], {
    cwd: own,
    encoding: "utf8",
  });
  expect(stderr).not.toContain("error");
  expect(status).toBe(0);
  return readFileSync(`${own}build/btree-store.wasm`).toString("hex");
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the module as it is survives, compiled here", async () => {
  const code = compile("none", "get.ts", "Reading the value", "Reading the value");
  runGauntlet(await load("none", code), random(1));
}, 600_000);

test.each(mutants)(
  "%s",
  async (name, file, from, to) => {
    const id = name.replace(/\W+/g, "-");
    const Mutant = await load(id, compile(id, file, from, to));
    let finding: unknown;
    try {
      runGauntlet(Mutant, random(2));
    } catch (error) {
      finding = error;
    }
    expect(finding, "nobody has noticed").toBeDefined();
    // A module that could not be used at all would be no mutant.
    expect(finding).not.toMatchObject({ code: "MASSTREE_BAD_OPTION" });
  },
  600_000,
);
