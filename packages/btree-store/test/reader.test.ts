// A reader in another language, written from docs/design.md: it finds every page and every entry.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random } from "@tooling/vitest/random";
import type { ValueCodec } from "masstree";
import { expect, test } from "vitest";
import { BTreeStore, bucket, compressed, descending, tuple } from "../src/index.ts";
import { changeStore, contentsOf, drawChanges } from "./support/model.ts";
import { inFolder } from "./support/processes.ts";
import { SimDisk } from "./support/sim-disk.ts";

const program = fileURLToPath(new URL("./programs/reader.py", import.meta.url));
const hasPython = spawnSync("python3", ["--version"]).status === 0;

test.skipIf(!hasPython).each([4096, 16384])("pages of %i bytes", (pageBytes) =>
  inFolder(async (folder) => {
    const draw = random(pageBytes);
    const disk = new SimDisk();
    const store = BTreeStore.open("disk", { vfs: disk, pageBytes });
    store.write("a", (txn) => {
      for (let i = 0; i < 1500; i++) txn.set(`key ${i * 7}`, "x".repeat(i % 300));
    });
    for (let i = 0; i < 6; i++) store.writeMany((b) => changeStore(b, drawChanges(draw, 20)));
    const wanted = [...contentsOf(store)].flatMap(([name, entries]) =>
      [...entries].map(([key, value]) => [name, key, JSON.stringify(value)]),
    );
    const texts = bucket("texts", {
      key: tuple("string", descending("number")),
      value: { ...compressed("json"), name: 'n"ö' } as ValueCodec<number>,
    });
    const long = bucket("with a long text", {
      key: tuple(...Array.from({ length: 900 }, () => "bigint" as const)),
    });
    store.writeMany((b) => {
      b.bucket(texts).set(["a", 1], 1).set(["a", 2], 2);
      b.bucket(long).set(
        Array.from({ length: 900 }, () => 1n),
        1,
      );
    });
    store.close();
    const file = join(folder, "data.db");
    writeFileSync(file, disk.image());
    const { stdout, stderr } = spawnSync("python3", [program, file], { encoding: "utf8" });
    expect(stderr).toBe("");
    const text = (base64: string) => Buffer.from(base64, "base64").toString();
    const lines = stdout
      .trimEnd()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as [string, string, string]);
    const found = lines
      .filter(([name]) => wanted.some(([other]) => other === name))
      .map(([name, key, value]) => [name, text(key), text(value)]);
    expect(found).toEqual(wanted);
    // Those of FoundationDB, as docs/decisions/0012-tuple-keys.md has them; a descending member is inverted behind 41.
    const bytes = (base64: string) => Buffer.from(base64, "base64").toString("hex");
    const others = lines.filter(([name]) => name === "texts");
    expect(others[0]).toEqual(["texts", "tuple(string,descending(number))", '"n\\"ö"']);
    expect(others.slice(1).map(([, key]) => bytes(key))).toEqual([
      "026100413fffffffffffffff",
      "02610041400fffffffffffff",
    ]);
    const longs = lines.filter(([name]) => name === "with a long text");
    expect(longs[0]![1]).toBe(`tuple(${"bigint,".repeat(900).slice(0, -1)})`);
    expect(longs.length).toBe(2);
  }),
);
