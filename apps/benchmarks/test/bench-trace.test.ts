// The trace format, the converters, and a replay.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readKeys } from "../src/bench/keys/key-set.ts";
import { type BenchResult, isMeasured } from "../src/bench/result.ts";
import { convertLine } from "../src/bench/trace/convert.ts";
import { formatLine, parseLine, type TraceLine } from "../src/bench/trace/format.ts";
import { loadTrace } from "../src/bench/trace/load.ts";
import { traceWords } from "../src/bench/trace/trace.ts";
import { runProgram } from "./program.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "masstree-trace-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const written = (name: string, text: string): string => {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
};

const unit = fc.constantFrom("a", "b", "\t", "\n", "\r", "\\", "é", "😀", " ", "#");
const lines: fc.Arbitrary<TraceLine> = fc
  .record({
    word: fc.constantFrom(...traceWords),
    key: fc.string({ unit, maxLength: 5 }),
    count: fc.integer({ min: 1, max: 1000 }),
  })
  .map((line) => (line.word === "scan" ? line : { ...line, count: 0 }));

describe("the format", () => {
  it("gives every operation back", () => {
    fc.assert(
      fc.property(lines, (line) => {
        const text = formatLine(line);
        expect(text).not.toMatch(/[\n\r]/);
        expect(parseLine(text)).toEqual(line);
      }),
    );
  });

  it("skips empty lines and comments", () => {
    expect(parseLine("")).toBeUndefined();
    expect(parseLine("# get\tkey")).toBeUndefined();
    expect(parseLine("get\t")).toEqual({ word: "get", key: "", count: 0 });
  });

  it.each([
    ["put\tkey", "begins with 'put' instead of get, set, delete, add, scan"],
    ["get key", "begins with 'get key'"],
    ["get", "has no tab and key after 'get'"],
    ["get\tkey\t5", "has a field after the key of 'get'"],
    ["scan\tkey", "needs a key, a tab and a number of entries"],
    ["scan\tkey\t0", "needs a key, a tab and a number of entries"],
    ["scan\tkey\t-3", "needs a key, a tab and a number of entries"],
    ["scan\tkey\t5\t6", "needs a key, a tab and a number of entries"],
    ["get\ta\\x41", "has the unknown escape '\\x' in its key"],
    ["get\tkey\\", "has the unknown escape '\\' in its key"],
  ])("refuses %j", (line, problem) => {
    expect(() => parseLine(line)).toThrow(problem);
  });
});

describe("a loaded trace", () => {
  /** What has to come of a trace, by a Set of keys. */
  const model = (operations: readonly TraceLine[]) => {
    const first = new Map<string, string>();
    for (const { word, key } of operations) if (!first.has(key)) first.set(key, word);
    const there = new Set([...first].filter(([, word]) => word !== "set").map(([key]) => key));
    const preloaded = [...there];
    let hits = 0;
    for (const { word, key } of operations) {
      if (word === "get" && there.has(key)) hits++;
      if (word === "set" || word === "add") there.add(key);
      if (word === "delete") there.delete(key);
    }
    return { hits, left: there.size, preloaded, keys: [...first.keys()] };
  };

  it("knows its keys, how many gets hit, and what is left", async () => {
    const file = join(directory, "any.trace");
    await fc.assert(
      fc.asyncProperty(fc.array(lines, { minLength: 1, maxLength: 60 }), async (operations) => {
        writeFileSync(file, operations.map((line) => `${formatLine(line)}\n`).join(""));
        const { set, trace } = await loadTrace(file);
        const { hits, left, preloaded, keys } = model(operations);
        expect({ length: trace.length, hits: trace.hits, left: trace.left }).toEqual({
          length: operations.length,
          hits,
          left,
        });
        const all = readKeys(set) as string[];
        expect(all.slice(0, set.size).sort()).toEqual(preloaded.sort());
        expect([...all].sort()).toEqual(keys.sort());
        const numbers = new Uint32Array(trace.keys);
        expect([...numbers].map((number) => all[number])).toEqual(operations.map(({ key }) => key));
      }),
      { numRuns: 30 },
    );
  });

  it("lists lines that are no operations by their numbers", async () => {
    const bad = ["get\ta", "", "oops", ...Array.from({ length: 7 }, () => "scan\tb")].join("\n");
    const file = written("bad.trace", bad);
    await expect(loadTrace(file)).rejects.toThrow(
      /lines that are no operations:\n {2}line 3 begins with 'oops'.*\n {2}line 4 needs[\s\S]*and 3 more[\s\S]*convert-trace/,
    );
    await expect(loadTrace(written("none.trace", "# nothing\n\n"))).rejects.toThrow(
      "has no operations",
    );
  });
});

describe("YCSB's log", () => {
  it.each([
    ["READ usertable user6284 [ <all fields>]", ["get\tuser6284"]],
    ["READ usertable user1 [ field3 ]", ["get\tuser1"]],
    ["INSERT usertable user2 [ field0=abc field1=x y ]", ["set\tuser2"]],
    ["UPDATE usertable user3 [ field0=abc ]", ["set\tuser3"]],
    ["DELETE usertable user4", ["delete\tuser4"]],
    ["SCAN usertable user5 54 [ <all fields>]", ["scan\tuser5\t54"]],
  ])("%s", (line, converted) => {
    expect(convertLine("ycsb", line)).toEqual({ lines: converted });
  });

  it.each([
    "[OVERALL], RunTime(ms), 1018",
    "",
    "***************** properties *****************",
    "READ usertable",
  ])("leaves out %j", (line) => {
    expect(convertLine("ycsb", line)).toEqual({ skipped: "no operation" });
  });

  it("leaves out a scan without a count", () => {
    expect(convertLine("ycsb", "SCAN usertable user5 [ f ]")).toEqual({
      skipped: "SCAN without a count",
    });
  });
});

describe("Redis's MONITOR", () => {
  const line = (rest: string): string => `1339518083.107412 [0 127.0.0.1:60866] ${rest}`;

  it.each([
    ['"get" "user:42"', ["get\tuser:42"]],
    ['"SET" "a b" "value" "EX" "10"', ["set\ta b"]],
    ['"mget" "a" "b"', ["get\ta", "get\tb"]],
    ['"mset" "a" "1" "b" "2"', ["set\ta", "set\tb"]],
    ['"del" "a" "b"', ["delete\ta", "delete\tb"]],
    ['"incrby" "n" "5"', ["add\tn"]],
    ['"get" "say \\"hi\\"\\\\ \\n"', ['get\tsay "hi"\\\\ \\n']],
    ['"get" "caf\\xc3\\xa9"', ["get\tcafé"]],
    ['"get" "\\xff\\xfe"', ["get\tÿþ"]],
    ['"get" ""', ["get\t"]],
  ])("%s", (rest, converted) => {
    expect(convertLine("redis", line(rest))).toEqual({ lines: converted });
  });

  it.each([
    [line('"keys" "*"'), "command keys"],
    [line('"constructor" "x"'), "command constructor"],
    [line('"get"'), "command get without a key"],
    ["1339518083.107412 [0 127.0.0.1:60866]", "no command"],
    [line('"get" "unfinished'), "no command"],
    [line("get user"), "no command"],
    ["OK", "no command"],
    ["", "no command"],
    ['1339518083.107412 [0 lua "get" "a"', "no command"],
  ])("leaves out %j", (text, skipped) => {
    expect(convertLine("redis", text)).toEqual({ skipped });
  });

  it.each(["0 lua", "0 [::1]:123", "15 [fe80::1%eth0]:6379", "0 unix:/tmp/redis [1].sock"])(
    "commands of the client %s count as well",
    (client) => {
      const text = `1339518083.107412 [${client}] "get" "a] \\"b"`;
      expect(convertLine("redis", text)).toEqual({ lines: ['get\ta] "b'] });
    },
  );
});

describe("the program", () => {
  it("converts a log, tells what it left out, and replays the rest with threads", async () => {
    const commands = Array.from({ length: 300 }, (_, i) => {
      const name = ["set", "get", "incr", "del"][i % 4];
      return `1339518083.${100000 + i} [0 127.0.0.1:60866] "${name}" "key ${(i * 7) % 50}"`;
    });
    const log = written(
      "monitor.txt",
      ["OK", ...commands, '1339518084.1 [0 1.1.1.1:1] "keys" "*"'].join("\n"),
    );
    const converted = await runProgram(["convert-trace", "--from", "redis", log], { directory });
    expect(converted.err).toBe(
      "300 operations; lines left out: no command (1), command keys (1)\n",
    );
    expect(converted.status).toBe(0);
    const piped = await runProgram(["convert-trace", "--from", "redis"], {
      directory,
      input: readFileSync(log, "utf8"),
    });
    expect(piped.out).toBe(converted.out);

    const trace = written("monitor.trace", converted.out);
    const { status, out, err } = await runProgram(
      [
        "bench",
        "--trace",
        trace,
        "--peers",
        "MassTreeInline,messages,sorted-btree,Map",
        "--threads",
        "1,2",
        "--rounds",
        "1",
        "--interval",
        "5",
        "--json",
        "replay.json",
      ],
      { directory },
    );
    expect(err).not.toContain("rror");
    expect(out).toContain("trace");
    expect(err).toContain("300 operations: too few to tell the maps apart");
    expect(status).toBe(0);
    const { measurements, settings, keys }: BenchResult = JSON.parse(
      readFileSync(join(directory, "replay.json"), "utf8"),
    );
    expect(settings.trace).toBe("monitor.trace");
    expect(keys).toEqual([{ name: "trace", description: "the keys of monitor.trace" }]);
    const done = measurements.filter(isMeasured).map(({ peer, threads }) => `${peer} ${threads}`);
    expect(done.sort()).toEqual([
      "Map 1",
      "MassTreeInline 1",
      "MassTreeInline 2",
      "messages 1",
      "messages 2",
      "sorted-btree 1",
    ]);
  });
});
