// The benchmark's commands as whole programs, over tiny maps.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BenchResult, isMeasured, type Measured } from "../src/bench/result.ts";
import { runProgram, testRefusals } from "./program.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "masstree-bench-cli-"));
  writeFileSync(
    join(directory, "words.txt"),
    Array.from({ length: 90 }, (_, i) => `wörd ${i}\n`).join(""),
  );
  writeFileSync(join(directory, "picture.png"), Buffer.from([0x89, 0x50, 0, 0, 1]));
  writeFileSync(join(directory, "empty.txt"), "");
  mkdirSync(join(directory, "folder"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const run = (args: readonly string[], more = {}) => runProgram(args, { directory, ...more });
const result = (name: string): BenchResult =>
  JSON.parse(readFileSync(join(directory, name), "utf8"));
/** What runs leave behind for their maps and must not. */
const leftovers = (): string[] =>
  readdirSync(directory).filter((name) => name.startsWith("masstree-bench-"));

const quickly = ["--rounds", "2", "--interval", "5", "--seed", "7"];

describe("bench", () => {
  it("measures what threads do together, and writes every sample", async () => {
    const { status, out, err } = await run([
      "bench",
      // pnpm passes these two dashes on.
      "--",
      ...["--size", "200", "--threads", "1,2", ...quickly, "--latency", "--json", "result.json"],
      ...["--peers", "MassTreeInline,lmdb,messages,ShareableMap,Map,sorted-btree"],
      ...["--workload", "get,insert-if-absent,add,ycsb-d,wake,open,update"],
    ]);
    expect(err).not.toContain("rror");
    expect(out).toContain("hex16, 200 entries, 2 threads");
    expect(out).toMatch(/^Map: no .*wake.*, because one thread alone has it$/m);
    expect(out).toContain("Latency of one operation");
    expect(status).toBe(0);

    const { format, complete, seed, command, machine, versions, measurements, ...entries } =
      result("result.json");
    expect({ format, complete, seed }).toEqual({ format: 2, complete: true, seed: 7 });
    expect(command.slice(0, 2)).toEqual(["bench", "--size"]);
    expect(machine.cores).toBeGreaterThan(0);
    expect(versions["sorted-btree"]).toMatch(/^\d+\.\d+/);
    expect(entries.peers.map(({ name }) => name)).toContain("messages");
    expect(entries.workloads.find(({ name }) => name === "wake")?.unit).toBe("us");

    const cell = (workload: string, peer: string, threads: number): Measured => {
      const found = measurements.find(
        (each) => each.workload === workload && each.peer === peer && each.threads === threads,
      );
      if (found === undefined || !isMeasured(found))
        throw new Error(`no ${workload} of ${peer}: ${JSON.stringify(found)}`);
      return found;
    };
    for (const [workload, peer, threads] of [
      ["get", "MassTreeInline", 2],
      ["get", "ShareableMap", 2],
      ["insert-if-absent", "MassTreeInline", 2],
      ["insert-if-absent", "lmdb", 2],
      ["insert-if-absent", "messages", 2],
      ["add", "MassTreeInline", 2],
      ["add", "lmdb", 2],
      ["ycsb-d", "MassTreeInline", 2],
      ["ycsb-d", "messages", 2],
      ["wake", "MassTreeInline", 2],
      ["wake", "messages", 2],
      ["open", "MassTreeInline", 1],
      ["open", "Map", 1],
      ["open", "messages", 1],
      ["update", "lmdb", 2],
      ["get", "sorted-btree", 1],
    ] as const) {
      const { samples, min, median, max } = cell(workload, peer, threads);
      expect(samples, `${workload} ${peer}`).toHaveLength(2);
      expect(min > 0 && min <= median && median <= max).toBe(true);
    }
    expect(cell("get", "sorted-btree", 1).ratio).toEqual({ median: 1, min: 1, max: 1 });
    expect(cell("get", "MassTreeInline", 1).latency?.corrected).toBe(false);
    expect(
      measurements.find(
        ({ workload, peer, threads }) =>
          workload === "update" && peer === "ShareableMap" && threads === 2,
      ),
    ).toMatchObject({
      cannot: expect.stringContaining("no locks"),
    });
    expect(leftovers()).toEqual([]);
  });

  it("takes a user's file, a rate and a choice", async () => {
    const { status, out } = await run([
      "bench",
      ...[
        "--keys",
        "file:words.txt",
        "--size",
        "1K",
        "--workload",
        "get,scan-prefix",
        "--choice",
        "zipfian",
      ],
      ...[
        "--rate",
        "20000",
        "--peers",
        "MassTreeInline,sorted-btree",
        "--threads",
        "1",
        ...quickly,
        "--json",
        "file.json",
      ],
    ]);
    // There are only so many lines.
    expect(out).toContain("file:words.txt, 90 entries, 1 thread");
    expect(status).toBe(0);
    const { measurements, settings } = result("file.json");
    expect(settings.rate).toBe(20_000);
    expect(measurements.map(({ choice }) => choice)).toEqual(new Array(4).fill("zipfian"));
    for (const each of measurements) expect(isMeasured(each) && each.latency?.corrected).toBe(true);
  });

  it("says whether the rate was held", async () => {
    const rated = async (rate: string) => {
      const args = ["--size", "1K", "--workload", "get", "--peers", "MassTreeInline", "--threads"];
      const { out } = await run(["bench", ...args, "1,2", ...quickly, "--rate", rate]);
      return out;
    };
    expect(await rated("100000000")).toMatch(
      /\d+(ns|us|ms|s) \([\d.]+ ?[KM]?\/s\)[\s\S]*was not held where a speed stands in brackets/,
    );
    // Ten a second: a sample of few milliseconds has one, or none that is late.
    expect(await rated("10")).toContain("was held everywhere");
  });

  it("stops on Ctrl-C, keeps what there is, and leaves nothing behind", async () => {
    const args = ["--size", "5K", "--rounds", "1000", "--json", "stopped.json", "--threads", "1,2"];
    const peers = ["--peers", "MassTreeInline,lmdb,messages", "--workload", "update,get"];
    const { status, signal, out, err } = await run(
      ["bench", ...args, ...peers, "--interval", "5"],
      {
        interruptAt: /rounds: \d+ %, (update|get), /,
      },
    );
    expect({ status, signal }).toEqual({ status: 130, signal: null });
    expect(err).toMatch(/Interrupted during 'hex16, 5,000 entries.*stopping all threads/);
    expect(out).toContain("THE RUN DID NOT END");
    const { complete, measurements } = result("stopped.json");
    expect(complete).toBe(false);
    expect(measurements.some(isMeasured)).toBe(true);
    expect(leftovers()).toEqual([]);
  });

  it("says so if the usual baseline is not measured", async () => {
    const { status, err } = await run([
      "bench",
      "--size",
      "50",
      "--peers",
      "Map",
      "--workload",
      "get",
      ...quickly,
    ]);
    expect(err).toContain("NOTE: sorted-btree is not measured, so there are no ratios");
    expect(status).toBe(0);
  });

  it("lists everything that can be named", async () => {
    const { status, out } = await run(["bench", "--list"]);
    for (const word of ["ycsb-f", "file:PATH", "zipfian", "SharedMap"]) expect(out).toContain(word);
    expect(status).toBe(0);
  });
});

describe("wrong arguments end with status 2 and a message that says what is allowed", () => {
  testRefusals(
    [
      [
        "an unknown workload",
        ["bench", "--workload", "get,dance"],
        /no 'dance'. Choose from 'memory', 'insert', 'get'/,
      ],
      ["an unknown kind of keys", ["bench", "--keys", "emoji"], /no 'emoji'. Choose from 'hex16'/],
      [
        "an unknown peer",
        ["bench", "--peers", "redis"],
        /no 'redis'. Choose from 'MassTreeInline'/,
      ],
      ["an unknown choice", ["bench", "--choice", "hot"], /no 'hot'. Choose from 'uniform'/],
      [
        "a size that is none",
        ["bench", "--size", "big"],
        /from 2 to 32,000,000, .* such as 1K,200K,20M/,
      ],
      ["a bad list of threads", ["bench", "--threads", "1;2"], /such as 1,2,4/],
      ["no threads", ["bench", "--threads", ""], /such as 1,2,4/],
      ["no rounds", ["bench", "--rounds", "0"], /whole number from 1 to 1,000/],
      ["a folder that is not there", ["bench", "--json", "no/where.json"], /cannot write/],
      ["a folder as the result", ["bench", "--json", "folder"], /is a directory/],
      [
        "a missing file of keys",
        ["bench", "--keys", "file:none.txt"],
        /there is no file 'none.txt'/,
      ],
      ["a picture as keys", ["bench", "--keys", "file:picture.png"], /is not text/],
      ["an empty file of keys", ["bench", "--keys", "file:empty.txt"], /is empty/],
      ["a missing trace", ["bench", "--trace", "none.trace"], /there is no file 'none.trace'/],
      ["a folder as trace", ["bench", "--trace", "folder"], /is a directory/],
      ["a picture as trace", ["bench", "--trace", "picture.png"], /is not text/],
      ["an empty trace", ["bench", "--trace", "empty.txt"], /has no operations/],
      [
        "a text as trace",
        ["bench", "--trace", "words.txt"],
        /line 1 begins with 'wörd 0' instead of get, set/,
      ],
      [
        "a baseline that is not measured",
        ["bench", "--peers", "Map", "--baseline", "lmdb"],
        /--baseline lmdb is not among the maps of --peers/,
      ],
      [
        "a workload beside a trace",
        ["bench", "--trace", "words.txt", "--workload", "get"],
        /--trace says what is done with which keys: leave --workload out/,
      ],
      ["stores nowhere", ["store", "--dir", "no/where"], /cannot use 'no\/where': ENOENT/],
      ["stores in a file", ["store", "--dir", "words.txt"], /'words.txt' is not a directory/],
      ["stores whose result has no place", ["store", "--json", "folder"], /is a directory/],
      ["an unknown log", ["convert-trace", "--from", "mongo"], /Allowed choices are ycsb, redis/],
      [
        "a log without operations",
        ["convert-trace", "--from", "redis", "words.txt"],
        /no line of 'words.txt' is an operation/,
      ],
      [
        "a guard without ratios",
        ["guard", "--against", "none.json"],
        /no ratios in 'none.json'.*guard --update/,
      ],
      ["a guard against text", ["guard", "--against", "words.txt"], /is not JSON/],
    ],
    () => directory,
  );
});
