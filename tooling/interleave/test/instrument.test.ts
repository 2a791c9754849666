import { describe, expect, test } from "vitest";
import { instrument } from "../src/instrument.ts";
import { Machine } from "../src/machine/machine.ts";
import { ReplayScheduler } from "../src/schedulers/scheduler.ts";
import { kindNames } from "../src/wasm/access.ts";
import { fixtureCore, machine as machineOptions, op, threads } from "./fixtures.ts";

async function machineOf(count = 1): Promise<Machine> {
  const machine = new Machine(await fixtureCore(), { ...machineOptions, threads: count });
  machine.save();
  return machine;
}

const inOrder = new ReplayScheduler({ decisions: [], crashes: [] });

test("every kind of access is a step with its address, width and kind, and still happens", async () => {
  const machine = await machineOf();
  const { history, failure } = machine.run(threads([op("every", 200)]), inOrder);
  expect(failure).toBeUndefined();
  // 1 + 2 + 3 + 4, then the former values 1, 2, f32 3 as bits twice.
  const bits = new DataView(new ArrayBuffer(4));
  bits.setFloat32(0, 3);
  expect(history[0]!.result).toBe(10n + 3n + 2n * BigInt(bits.getUint32(0)));
  const steps = [...machine.trace()].map((line) => line.replace(/ in .*/, ""));
  // The optimiser may have moved the plain loads.
  const places = steps.map((line) => line.replace(/^\d+ thread 0 at /, ""));
  expect(places.sort()).toEqual(
    [
      "200: store 8 bits",
      "202: store 16 bits",
      "204: store 32 bits",
      "208: store 64 bits",
      "200: load 8 bits",
      "202: load 16 bits",
      "204: load 32 bits",
      "208: load 64 bits",
      "200: atomic.rmw 8 bits",
      "202: atomic.rmw 16 bits",
      "204: atomic.cmpxchg 32 bits",
      "204: atomic.load 32 bits",
    ].sort(),
  );
});

test("plain loads of a file of hints are no steps, and still happen; all else in it is", async () => {
  const machine = new Machine(await fixtureCore(0, ["assembly/fixtures.ts"]), {
    ...machineOptions,
    threads: 1,
  });
  machine.save();
  const { history } = machine.run(threads([op("every", 200)]), inOrder);
  expect(history[0]!.result).toBe(
    (await machineOf()).run(threads([op("every", 200)]), inOrder).history[0]!.result,
  );
  const kinds = [...machine.trace()].map((line) => line.match(/: (\S+)/)![1]);
  expect(kinds.filter((kind) => kind === "load")).toEqual([]);
  expect(kinds.filter((kind) => kind === "store")).toHaveLength(4);
  expect(kinds.filter((kind) => kind!.startsWith("atomic."))).toHaveLength(4);
});

test("bulk and vector instructions are steps", async () => {
  const machine = await machineOf();
  machine.region.write(
    512,
    Uint8Array.from({ length: 32 }, (_, index) => index),
  );
  machine.save();
  const calls = [op("fillBytes", 200, 7, 5), op("moveBytes", 300, 512, 9), op("simd", 400, 512)];
  expect(machine.run(threads(calls), inOrder).failure).toBeUndefined();
  const { bytes } = machine.region;
  expect([...bytes.slice(199, 206)]).toEqual([0, 7, 7, 7, 7, 7, 0]);
  expect([...bytes.slice(300, 310)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 0]);
  expect([...bytes.slice(400, 416)]).toEqual(Array.from({ length: 16 }, (_, index) => index));
  expect(
    [...machine.trace()].map((line) => line.split(/[:(]/)[1]!.trim().split(" in ")[0]),
  ).toEqual(["memory.fill", "memory.copy", "load 128 bits", "store 128 bits"]);
});

test("a step names its function and its source line", async () => {
  const machine = await machineOf();
  machine.run(threads([op("increment")]), inOrder);
  expect([...machine.trace()]).toEqual([
    expect.stringMatching(/atomic\.rmw 32 bits in .*increment \(assembly\/fixtures\.ts:\d+\)$/),
  ]);
});

test("the sites cover every kind of access of the fixtures", async () => {
  const { sites } = await fixtureCore();
  const kinds = new Set(sites.map(({ kind }) => kindNames[kind]));
  for (const kind of ["load", "store", "atomic.load", "atomic.store", "atomic.rmw"]) {
    expect(kinds).toContain(kind);
  }
  for (const kind of ["atomic.cmpxchg", "atomic.wait", "atomic.notify", "memory.fill"]) {
    expect(kinds).toContain(kind);
  }
});

describe("the memory's growth", () => {
  test("is played, and taken back for the next schedule", async () => {
    const options = { ...machineOptions, limitPages: 3, threads: 1 };
    const machine = new Machine(await fixtureCore(), options);
    machine.save();
    const calls = [op("pages"), op("grow", 2), op("pages"), op("grow", 1)];
    for (let round = 0; round < 2; round++) {
      const { history } = machine.run(threads(calls), inOrder);
      expect(history.map(({ result }) => result)).toEqual([1, 1, 3, -1]);
    }
  });

  test("ends where the program was told that it ends", async () => {
    const machine = new Machine(await fixtureCore(), {
      ...machineOptions,
      limitPages: 3,
      threads: 1,
    });
    machine.save();
    const { failure } = machine.run(threads([op("fillBytes", 65530, 1, 8)]), inOrder);
    expect(failure?.kind).toBe("out-of-bounds");
  });
});

describe("between two schedules", () => {
  test("memory is what it was, whatever was written", async () => {
    const machine = await machineOf(2);
    const before = machine.region.bytes.slice(0, machine.region.limit);
    const calls = [op("fillBytes", 1000, 9, 3000), op("every", 40000), op("publish", 3)];
    machine.run(threads(calls, [op("increment")]), inOrder);
    expect(machine.region.bytes.slice(0, machine.region.limit)).not.toEqual(before);
    machine.restore();
    expect(machine.region.bytes.slice(0, machine.region.limit)).toEqual(before);
  });

  test("a thread's globals are what they were, and belong to it alone", async () => {
    const machine = await machineOf(2);
    const freed = (thread: number) =>
      (machine.threads[thread]!.exports.freed as WebAssembly.Global).value as number;
    machine.run(threads([op("free", 2048, 16)], [op("increment")]), inOrder);
    expect([freed(0), freed(1)]).toEqual([2048, 0]);
    machine.restore();
    expect([freed(0), freed(1)]).toEqual([0, 0]);
  });
});

describe("a watched function", () => {
  const source = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));
  const empty = source("0061736d01000000");

  test("must be there", () => {
    expect(() => instrument(empty, { watch: ["free"] })).toThrow("free");
  });

  test("is found by the end of its name", async () => {
    const { watched } = await fixtureCore();
    expect(watched).toEqual(["assembly/fixtures/allocate", "assembly/fixtures/free"]);
  });
});

test("what is not a module is refused", () => {
  expect(() => instrument(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toThrow("not a module");
});
