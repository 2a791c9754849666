// A reader in another language, written from docs/design.md: it finds every page and every entry.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { random } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
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
    store.close();
    const file = join(folder, "data.db");
    writeFileSync(file, disk.image());
    const { stdout, stderr } = spawnSync("python3", [program, file], { encoding: "utf8" });
    expect(stderr).toBe("");
    const text = (base64: string) => Buffer.from(base64, "base64").toString();
    const found = stdout
      .trimEnd()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as [string, string, string])
      .map(([name, key, value]) => [name, text(key), text(value)]);
    expect(found).toEqual(wanted);
  }),
);
