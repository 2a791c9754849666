// The command.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ValueCodec } from "masstree";
import { expect, test } from "vitest";
import { BTreeStore, bucket, compressed, date, descending, tuple } from "../src/index.ts";
import { inFolder } from "./support/processes.ts";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

function run(args: string[], input = ""): { status: number | null; out: string; error: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    input,
    encoding: "utf8",
  });
  return { status, out: stdout, error: stderr };
}

const dates = bucket("dates", {
  key: "bigint",
  value: {
    encode: (date: Date) => new TextEncoder().encode(date.toISOString()),
    decode: (bytes) => new Date(new TextDecoder().decode(bytes)),
  },
});

const visits = bucket("visits", {
  key: tuple("string", descending(date)),
  value: compressed("json") as ValueCodec<number>,
});

const clones = bucket("clones", { value: "structured" });

function fill(file: string): void {
  using store = BTreeStore.open(file);
  store.writeMany((m) => {
    m.bucket("json")
      .set("ö", { a: [1, null] })
      .set("", "text");
    m.bucket(bucket("numbers", { key: "number", value: "utf8" }))
      .set(-Infinity, "low")
      .set(1.5, "");
    m.bucket(bucket("bytes", { key: "bytes", value: "bytes" })).set(
      Uint8Array.of(0, 255),
      Uint8Array.of(7),
    );
    m.bucket(dates).set(-5n, new Date(0));
    m.bucket(clones).set("set", new Set([1n, undefined]));
    m.bucket(visits).set(["ann", new Date(5)], 1);
  });
}

test("check, stats and backup", () =>
  inFolder(async (folder) => {
    const file = join(folder, "data.db");
    fill(file);
    expect(run(["check", file])).toMatchObject({
      status: 0,
      out: expect.stringContaining("All is in order: commit 1, 6 buckets, 8 entries"),
    });
    expect(run(["stats", file]).out).toContain(
      'bucket       "dates": 1 entries, keys bigint, values custom',
    );
    expect(run(["stats", file]).out).toContain(
      'keys tuple(string,descending(date)), values custom("compressed(json)")',
    );
    const copy = join(folder, "copy.db");
    expect(run(["backup", file, copy])).toMatchObject({ status: 0 });
    expect(run(["check", copy])).toMatchObject({ status: 0 });
    expect(run(["backup", file, copy])).toMatchObject({
      status: 1,
      error: expect.stringContaining("already"),
    });
  }));

test("compact", () =>
  inFolder(async (folder) => {
    const file = join(folder, "data.db");
    fill(file);
    expect(run(["compact", file])).toMatchObject({
      status: 0,
      error: expect.stringMatching(/^The file had 270336 bytes, and has \d+\.\n$/),
    });
    expect(run(["check", file])).toMatchObject({ status: 0 });
  }));

test("what was dumped and loaded is the same", () =>
  inFolder(async (folder) => {
    const file = join(folder, "data.db");
    const copy = join(folder, "copy.db");
    fill(file);
    const { out, status } = run(["dump", file]);
    expect(status).toBe(0);
    expect(out).toContain(
      '{"bucket":"numbers","key":"number","value":"utf8"}\n["-Infinity","low"]\n[1.5,""]\n',
    );
    expect(run(["load", copy], out)).toMatchObject({ status: 0, error: "Set 8 entries.\n" });
    expect(run(["dump", copy]).out).toBe(out);
    using store = BTreeStore.open(copy);
    expect(store.read(dates, (txn) => txn.get(-5n))).toEqual(new Date(0));
    expect(store.read(clones, (txn) => txn.get("set"))).toEqual(new Set([1n, undefined]));
    expect(store.read(visits, (txn) => [...txn])).toEqual([[["ann", new Date(5)], 1]]);
  }));

test("a line that is wrong is named, and what came before it stays", () =>
  inFolder(async (folder) => {
    const file = join(folder, "data.db");
    const wrong = '{"bucket":"a","key":"string","value":"json"}\n["k",1]\nno\n';
    expect(run(["load", file], wrong)).toMatchObject({
      status: 1,
      error: expect.stringMatching(/^Line 3: .* 0 entries before it were set/),
    });
    expect(run(["load", file], '["k",1]\n').error).toContain(
      "before the line that names its bucket",
    );
  }));

test("a damaged file is reported, and left as it is", () =>
  inFolder(async (folder) => {
    const file = join(folder, "data.db");
    fill(file);
    const bytes = readFileSync(file);
    bytes[2 * 4096 + 4000]! ^= 1;
    writeFileSync(file, bytes);
    expect(run(["check", file])).toMatchObject({
      status: 1,
      error: expect.stringMatching(/^STORE_CORRUPT: .*\(page 2\)/),
    });
    expect(readFileSync(file).equals(bytes)).toBe(true);
  }));

test("other arguments give the usage", () => {
  for (const args of [[], ["check"], ["what", "x"], ["check", "a", "b"], ["backup", "a"]]) {
    expect(run(args)).toMatchObject({ status: 2, error: expect.stringContaining("usage:") });
  }
  expect(run(["check", "/nowhere/x"])).toMatchObject({ status: 1 });
});
