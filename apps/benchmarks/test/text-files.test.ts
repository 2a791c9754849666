import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseEvenly } from "../src/word-index/choose.ts";
import { findTextFiles, firstChanged, HUGE, readOnce } from "../src/word-index/files.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "masstree-texts-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(name: string, contents: string | Buffer = "some text"): string {
  const path = join(root, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, contents);
  return path;
}

async function textFiles() {
  const { files, leftOut } = await findTextFiles(root, () => undefined);
  const texts = await readOnce(files, leftOut, () => undefined);
  return { names: texts.map(({ name }) => name), files: texts, leftOut };
}

describe("the text files of a directory", () => {
  it("are all files with text, whatever their names, in the order of their names", async () => {
    put("b/readme", "# read me");
    put("b.js", "let b;");
    put("a/deep/er/x.bin", "text after all");
    put("empty", "");
    expect((await textFiles()).names).toEqual(["a/deep/er/x.bin", "b.js", "b/readme", "empty"]);
  });

  it("have no NUL in their first 8 KiB, and are UTF-8 to their end", async () => {
    put("nul", Buffer.from("text\0text"));
    put("late nul", Buffer.concat([Buffer.alloc(8192, "a"), Buffer.from([0])]));
    put("latin1", Buffer.from("na\u00efve", "latin1"));
    put("late latin1", Buffer.concat([Buffer.alloc(10_000, "a"), Buffer.from([0xe9])]));
    const { names, leftOut } = await textFiles();
    expect(names).toEqual(["late nul"]);
    expect(leftOut).toEqual({ binary: 3, huge: 0, unreadable: 0 });
  });

  it("are not larger than a limit", async () => {
    truncateSync(put("huge"), HUGE + 1);
    put("small");
    const { names, leftOut } = await textFiles();
    expect(names).toEqual(["small"]);
    expect(leftOut.huge).toBe(1);
  });

  it("are reached by no symbolic link, and by every hard link", async () => {
    const file = put("a/one");
    symlinkSync(file, join(root, "link"));
    symlinkSync(join(root, "a"), join(root, "b"));
    symlinkSync(root, join(root, "a/cycle"));
    symlinkSync("nowhere", join(root, "dangling"));
    linkSync(file, join(root, "two"));
    const { names, leftOut } = await textFiles();
    expect(names).toEqual(["a/one", "two"]);
    expect(leftOut).toEqual({ binary: 0, huge: 0, unreadable: 0 });
  });

  it("that disappear after they were found are left out", async () => {
    put("stays");
    const file = put("goes");
    const { files, leftOut } = await findTextFiles(root, () => undefined);
    rmSync(file);
    const texts = await readOnce(files, leftOut, () => undefined);
    expect(texts.map(({ name }) => name)).toEqual(["stays"]);
    expect(leftOut.unreadable).toBe(1);
  });

  it("that have changed or disappeared are named", async () => {
    const [changes, goes] = [put("changes"), put("goes")];
    const { files } = await textFiles();
    expect(await firstChanged(files)).toBeUndefined();
    rmSync(goes);
    expect(await firstChanged(files)).toBe("'goes' has disappeared");
    utimesSync(changes, 1, 1);
    expect(await firstChanged(files)).toBe("'changes' has changed");
  });
});

describe("an even choice", () => {
  const sizes = fc.array(fc.nat(1000), { maxLength: 60 });
  const filesOf = (all: readonly number[]) => all.map((size, number) => ({ size, number }));
  const sum = (files: readonly { size: number }[]) => files.reduce((n, { size }) => n + size, 0);

  it("never exceeds the limit, keeps the order, and is always the same", () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 40_000 }), (all, limit) => {
        const files = filesOf(all);
        const chosen = chooseEvenly(files, limit);
        expect(sum(chosen)).toBeLessThanOrEqual(limit);
        expect(chosen.map(({ number }) => number)).toEqual(
          [...new Set(chosen)].map(({ number }) => number).toSorted((a, b) => a - b),
        );
        expect(chooseEvenly(files, limit)).toEqual(chosen);
        if (sum(files) <= limit) expect(chosen).toEqual(files);
        if (files.some(({ size }) => size <= limit)) expect(chosen).not.toEqual([]);
      }),
    );
  });

  it("takes every third of files of one size, if a third fits", () => {
    const chosen = chooseEvenly(filesOf(Array(30).fill(100)), 1000);
    expect(chosen.map(({ number }) => number % 3)).toEqual(
      Array(chosen.length).fill(chosen[0]!.number % 3),
    );
    expect(chosen.length).toBeGreaterThanOrEqual(9);
  });
});
