// Locks between processes.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { firstLine, inFolder, kill, start } from "./support/processes.ts";

const withCode = (code: string) => expect.objectContaining({ code });
const locks = (folder: string) => readdirSync(folder).filter((name) => name !== "data.db");

test("another process is refused until the store is closed", () =>
  inFolder(async (folder) => {
    const file = join(folder, "data.db");
    const store = BTreeStore.open(file);
    expect(await firstLine(start("holder", file))).toBe("STORE_LOCKED");
    store.close();
    const holder = start("holder", file);
    expect(await firstLine(holder)).toBe("open");
    expect(() => BTreeStore.open(file)).toThrow(`is in use by process ${holder.pid}`);
    await kill(holder);
    BTreeStore.open(file).close(); // Takes over.
    expect(locks(folder)).toEqual(["data.db.lock-3"]);
  }));

test("another thread of this process is refused", () =>
  inFolder(async (folder) => {
    const file = join(folder, "data.db");
    using _store = BTreeStore.open(file);
    const url = new URL("../dist/index.js", import.meta.url).href;
    const code = `
      import { parentPort } from "node:worker_threads";
      const { BTreeStore } = await import(${JSON.stringify(url)});
      try { BTreeStore.open(${JSON.stringify(file)}); parentPort.postMessage("open"); }
      catch (error) { parentPort.postMessage(error.code + " " + error.message); }`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
    const message = await new Promise((resolve) => worker.once("message", resolve));
    expect(message).toMatch(/^STORE_LOCKED .*another thread of this process/);
    await worker.terminate();
  }));

test("several may read while nobody writes", () =>
  inFolder(async (folder) => {
    const file = join(folder, "data.db");
    BTreeStore.open(file).close();
    const reader = start("holder", file, "readOnly");
    expect(await firstLine(reader)).toBe("open");
    const own = BTreeStore.open(file, { readOnly: true });
    expect(() => BTreeStore.open(file)).toThrow(withCode("STORE_LOCKED"));
    own.close();
    expect(() => BTreeStore.open(file)).toThrow(withCode("STORE_LOCKED"));
    await kill(reader);
    const store = BTreeStore.open(file);
    expect(await firstLine(start("holder", file, "readOnly"))).toBe("STORE_LOCKED");
    store.close();
    expect(locks(folder).length).toBe(1);
  }));

describe("a lock file", () => {
  const owner = (more: object) => `${JSON.stringify({ pid: 1, start: "", boot: "", ...more })}\n`;

  test.each([
    ["of a process that there is not", { host: hostname(), pid: 2 ** 22 + 1 }],
    ["of an earlier boot", { host: hostname(), boot: "another" }],
    ["of a process whose number another one has now", { host: hostname(), start: "another" }],
  ])("%s is taken over", (_name, more) =>
    inFolder(async (folder) => {
      const file = join(folder, "data.db");
      writeFileSync(`${file}.lock-41`, owner(more));
      using _store = BTreeStore.open(file);
      expect(locks(folder)).toEqual(["data.db.lock-42"]);
    }),
  );

  test("of another machine is respected, with advice", () =>
    inFolder(async (folder) => {
      const file = join(folder, "data.db");
      writeFileSync(`${file}.lock-41`, owner({ host: "elsewhere" }));
      expect(() => BTreeStore.open(file)).toThrow(/on elsewhere.*remove/);
      expect(existsSync(file)).toBe(false);
    }));

  test("that is given back says so", () =>
    inFolder(async (folder) => {
      const file = join(folder, "data.db");
      BTreeStore.open(file).close();
      expect(readFileSync(`${file}.lock-1`, "utf8")).toBe('{"free":true}\n');
    }));
});

test("of processes that take over a dead one's lock at once, one gets it", () =>
  inFolder(async (folder) => {
    const file = join(folder, "data.db");
    const first = start("holder", file);
    await firstLine(first);
    await kill(first);
    const others = Array.from({ length: 6 }, () => start("holder", file));
    const results = await Promise.all(others.map(firstLine));
    expect(results.filter((line) => line === "open").length).toBe(1);
    expect(results.filter((line) => line === "STORE_LOCKED").length).toBe(5);
    await Promise.all(others.map(kill));
  }));
