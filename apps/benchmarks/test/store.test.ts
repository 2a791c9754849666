// The adapters of durable stores, against a sorted map; and the command that compares them, with few entries.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "@tooling/vitest/random";
import { Command } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkFigures } from "../src/bench/figures-command.ts";
import { significant } from "../src/format.ts";
import type { Progress } from "../src/progress.ts";
import { addStoreCommand } from "../src/store/command.ts";
import { makeContents, sumOf, valueFor } from "../src/store/contents.ts";
import { fileSystemOf } from "../src/store/file-system.ts";
import { PeerUnavailable, type StorePeer, weightOf } from "../src/store/peer.ts";
import { storePeers } from "../src/store/registry.ts";
import { readStoreResult } from "../src/store/result.ts";
import { type Row, runAll } from "../src/store/run.ts";
import { openingOf, workloads } from "../src/store/workloads.ts";
import { runProgram } from "./program.ts";

const workerScript = new URL("../dist/store-worker.js", import.meta.url);

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "masstree-store-test-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Which peers have to be here: these have binaries in their packages, or none. */
const certain = ["btree-store", "lmdb", "classic-level"];

describe.each(storePeers.map((peer) => [peer.name, peer] as const))("%s", (name, peer) => {
  it("does what a sorted map does, also when it is opened again", async ({ skip }) => {
    let store: Awaited<ReturnType<StorePeer["open"]>>;
    try {
      store = await peer.open(directory);
    } catch (error) {
      // The command says so in its report.
      if (!(error instanceof PeerUnavailable) || certain.includes(name)) throw error;
      return skip(error.message);
    }
    const draw = random(1);
    const model = new Map<string, string>();
    const key = () =>
      Math.floor(draw() * 300)
        .toString(16)
        .padStart(16, "0");
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 150; i++) {
        const one = key();
        const what = draw();
        if (what < 0.2) {
          const value = `${one} ${i}`.padEnd(Math.floor(draw() * 200), "v");
          await store.put(one, value);
          model.set(one, value);
        } else if (what < 0.3) {
          const entries = Array.from({ length: 20 }, () => [key(), `${one} of many ${i}`] as const);
          await store.putAll(entries);
          for (const [each, value] of entries) model.set(each, value);
        } else if (what < 0.7) {
          expect(store.get(one)).toBe(model.get(one));
        } else {
          const limit = 1 + Math.floor(draw() * 30);
          const wanted = [...model]
            .filter(([each]) => each >= one)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .slice(0, limit);
          expect(await store.scan(one, limit)).toEqual({
            seen: wanted.length,
            sum: wanted.reduce((sum, [, value]) => sum + weightOf(value), 0),
          });
        }
      }
      await store.close();
      store = await peer.open(directory);
    }
    await store.close();
  });
});

const small = {
  samples: 2,
  valueBytes: 40,
  seed: 5,
  threads: 2,
  gets: 300,
  commits: 3,
  workerScript,
};

describe("the comparison", () => {
  it("gives a figure of each workload for each peer, or says why there is none", async () => {
    const rows = await runAll({
      ...small,
      peers: storePeers,
      workloads,
      under: directory,
      contents: makeContents(500, small.valueBytes, small.seed),
    });
    expect(rows).toHaveLength(workloads.length * storePeers.length);
    for (const { peer, workload, samples, median, reason, ratio } of rows) {
      if (median === undefined) {
        expect(reason, `${peer}, ${workload}`).toBeTruthy();
        const isExpected = !certain.includes(peer) || workload === "get-threads";
        expect(isExpected, `${peer}, ${workload}: ${reason}`).toBe(true);
        continue;
      }
      expect(samples).toHaveLength(small.samples);
      expect(Math.min(...samples)).toBeGreaterThan(0);
      expect(ratio).toBeGreaterThan(0);
    }
    const own = rows.filter(({ peer }) => peer === "btree-store");
    expect(own.map(({ ratio }) => ratio)).toEqual(workloads.map(() => 1));
  }, 60_000);

  it("opens stores that have grown to a size", async () => {
    const rows = await runAll({
      ...small,
      samples: 1,
      peers: storePeers.filter(({ name }) => certain.includes(name)),
      workloads: [openingOf(2 ** 20)],
      under: directory,
      contents: makeContents(1, small.valueBytes, small.seed),
    });
    expect(rows.map(({ peer }) => peer)).toEqual(certain);
    for (const { median } of rows) expect(median).toBeGreaterThan(0);
  });

  it("stops at a wrong value", async () => {
    const wrong: StorePeer = {
      name: "wrong",
      description: "forgets",
      open: () => ({
        put: () => 1,
        putAll: () => 1,
        get: (key) => valueFor(key, 39),
        scan: () => ({ seen: 500, sum: 1 }),
        close: () => 1,
      }),
    };
    for (const name of ["get", "scan", "open"]) {
      const running = runAll({
        ...small,
        peers: [wrong],
        workloads: workloads.filter((workload) => workload.name === name),
        under: directory,
        contents: makeContents(500, small.valueBytes, small.seed),
      });
      await expect(running, name).rejects.toThrow("wrong");
    }
  });

  it("makes the same entries from the same seed, and knows what a scan sums up to", () => {
    const { entries, sortedKeys, bytes } = makeContents(100, 20, 3);
    expect(makeContents(100, 20, 3).entries).toEqual(entries);
    expect(makeContents(100, 20, 4).entries).not.toEqual(entries);
    expect(bytes).toBe(entries.reduce((sum, [key, value]) => sum + key.length + value.length, 0));
    expect(sumOf(sortedKeys, 20)).toBe(entries.reduce((sum, [, v]) => sum + weightOf(v), 0));
  });
});

it("a comparison that is interrupted keeps what it has found, and leaves no store behind", async () => {
  const stores = join(directory, "stores");
  mkdirSync(stores);
  const args = ["store", "--dir", stores, "--entries", "2000", "--peers", "btree-store"];
  const size = ["--gets", "2000", "--samples", "100", "--json", "stopped.json"];
  const interruptAt = /stores: \d+ %/;
  const { status, out, err } = await runProgram([...args, ...size], { directory, interruptAt });
  expect(err).toContain("Interrupted during 'stores'");
  expect(out).toContain("THE RUN DID NOT END");
  expect(status).toBe(130);
  expect(readdirSync(stores)).toEqual([]);
  const { complete, rows } = JSON.parse(readFileSync(join(directory, "stopped.json"), "utf8"));
  expect(complete).toBe(false);
  const finished = rows.filter(({ samples }: Row) => samples.length === 100);
  expect(rows.length - finished.length).toBeLessThanOrEqual(1);
  expect(rows.length).toBeGreaterThan(0);
  expect(finished.length).toBeLessThan(workloads.length);
}, 60_000);

it("the command prints what it has found, and writes all samples to a file", async () => {
  const printed: string[] = [];
  const json = join(directory, "result.json");
  const args = `store --dir ${directory} --entries 300 --gets 200 --commits 2 --samples 1 --workload get,scan --peers btree-store,lmdb --json ${json}`;
  const progress: Progress = {
    current: undefined,
    begin() {},
    update() {},
    done() {},
    fail() {},
  };
  const root = new Command();
  addStoreCommand(root, {
    progress,
    print: (text) => printed.push(text),
    root: directory,
    command: ["node", "cli.js", "store"],
  });
  await root.parseAsync(args.split(" "), { from: "user" });
  expect(printed.join("\n")).toContain(`on ${fileSystemOf(directory)}`);
  expect(printed.join("\n")).toMatch(/point reads of cached pages[\s\S]*btree-store[\s\S]*lmdb/);
  const result = readStoreResult(json);
  expect(result.rows).toHaveLength(4);
  expect(result.fileSystem).toBe(fileSystemOf(directory));
  expect(result.versions.lmdb).toMatch(/^\d+\./);

  const figure = (show: string) =>
    `<!-- figure file=result.json workload=get peer=lmdb show=${show} -->0<!-- /figure -->`;
  const document = join(directory, "figures.md");
  writeFileSync(document, `${figure("median")} us, ${figure("ratio")} times as fast`);
  expect(checkFigures([document], directory, false).stale).toHaveLength(2);
  expect(checkFigures([document], directory, true).stale).toEqual([]);
  const { median, ratio } = result.rows.find((row) => row.peer === "lmdb")!;
  const written = readFileSync(document, "utf8").replaceAll(/<!--.*?-->/g, "");
  expect(written).toBe(`${significant(median!)} us, ${significant(ratio!)} times as fast`);
  for (const [attributes, problem] of [
    ["workload=get peer=nobody", "0 rows"],
    ["workload=get peer=lmdb show=p99", "none of"],
    ["workload=get peer=lmdb size=1", "unknown attribute"],
  ] as const) {
    writeFileSync(document, `<!-- figure file=result.json ${attributes} -->0<!-- /figure -->`);
    const [stale] = checkFigures([document], directory, false).stale;
    expect(stale?.problem).toContain(problem);
  }
}, 60_000);
