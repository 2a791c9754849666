// Guards: which bytes their views have, for how long, and what hostile visitors, threads and codecs do to them. What holds
// for every class of maps is in the suite of @masstree/tree (test-suite/methods/pin.ts).
import { once } from "node:events";
import { deserialize } from "node:v8";
import { Worker } from "node:worker_threads";
import { keyCodecs } from "@masstree/key";
import { verify } from "@masstree/tree";
import { random, runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { type Guard, keyCodec, MassTree, type ValueCodec } from "../src/index.ts";
import { valueKinds } from "./value-kinds.ts";

const closed = expect.objectContaining({ code: "MASSTREE_CLOSED" });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
/** How views of built-in codecs are read, by other means than the package's own. */
const readers: Record<string, (bytes: Uint8Array) => unknown> = {
  json: (bytes) => JSON.parse(text(bytes)),
  utf8: text,
  bytes: (bytes) => bytes.slice(),
  // Typed arrays that it gives are views of what it is given.
  structured: (bytes) => deserialize(bytes.slice()),
};

/** The bytes of values of many lengths: about each place where they are kept in another way. */
const lengths = [0, 1, 6, 7, 8, 63, 64, 65, 999, 1025, 16_384, 16_385, 65_535, 65_536, 65_537];
const longest = 2 ** 20;

function filledWithLengths(): { map: MassTree<Uint8Array, number>; all: number[] } {
  const map = new MassTree<Uint8Array, number>({ key: "number", value: "bytes" });
  const all = [...lengths, longest, 3, 200_000, 0];
  for (const [i, length] of all.entries()) map.set(i, new Uint8Array(length).fill(i + 1));
  return { map, all };
}

const maps: MassTree<never, never>[] = [];
afterEach(() => {
  for (const map of maps.splice(0)) {
    verify(map);
    map.close();
  }
});

/** Has the end of the test verify and close a map. */
function kept<M>(map: M): M {
  maps.push(map as never);
  return map;
}

describe.each(Object.entries(valueKinds))("with %s values", (_, { value, arbitrary }) => {
  test("views are what the codec has written, in any order of calls", () => {
    const read =
      typeof value === "object"
        ? (bytes: Uint8Array) => (value as ValueCodec<unknown>).decode(bytes.slice())
        : readers[value]!;
    const steps = fc.array(fc.tuple(fc.nat(30), fc.option(arbitrary, { nil: undefined })), {
      maxLength: 60,
      size: "max",
    });
    const property = fc.property(steps, fc.boolean(), (list, reverse) => {
      const map = new MassTree<unknown>({ value: value as never });
      const guard = map.pin();
      const model = new Map<string, unknown>();
      for (const [number, next] of list) {
        const key = `key ${number}`;
        if (next === undefined) {
          map.delete(key);
          model.delete(key);
        } else {
          map.set(key, next);
          model.set(key, next);
        }
        const view = guard.get(key);
        expect(view === undefined).toBe(next === undefined);
        if (view !== undefined) expect(read(view)).toEqual(next);
      }
      const seen: [string, unknown][] = [];
      guard.scan({ reverse }, (key, bytes) => {
        seen.push([text(key), read(bytes)]);
      });
      const wanted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
      expect(seen).toEqual(reverse ? wanted.reverse() : wanted);
      guard.dispose();
      verify(map);
      map.close();
    });
    fc.assert(property, { numRuns: runs(8, 100), seed });
  });
});

test.each(["string", "bytes", "number", "bigint"] as const)(
  "keys of kind %s are as encoded",
  (kind) => {
    const map = kept(new MassTree<number, never>({ key: kind } as never));
    const samples = {
      string: ["", "a", "grün", "x".repeat(300)],
      bytes: [Uint8Array.of(), Uint8Array.of(0), Uint8Array.of(255, 0)],
      number: [-1.5, 0, 7, Infinity],
      bigint: [-5n, 0n, 2n ** 62n],
    }[kind] as never[];
    for (const [i, key] of samples.entries()) map.set(key, i);
    const wanted = [...map.keys()].map((key) => {
      const bytes = new Uint8Array(400);
      return bytes.slice(
        0,
        (keyCodecs[kind] as { encode(...args: unknown[]): number }).encode(key, bytes, 0),
      );
    });
    using guard = map.pin();
    const seen: Uint8Array[] = [];
    guard.scan(undefined, (key) => {
      seen.push(key.slice());
    });
    expect(seen).toEqual(wanted);
  },
);

test("values of all lengths are there, and begin where numbers can", () => {
  const { map, all } = filledWithLengths();
  kept(map);
  using guard = map.pin();
  const views = all.map((_, i) => guard.get(i)!);
  for (const [i, view] of views.entries()) {
    expect(view.byteOffset % (view.length > 65_536 ? 4 : 8)).toBe(0);
    expect(Buffer.compare(view, new Uint8Array(all[i]!).fill(i + 1))).toBe(0);
  }
  for (const reverse of [false, true]) {
    const seen: number[] = [];
    guard.scan({ reverse }, (_, value) => {
      const i = reverse ? all.length - 1 - seen.length : seen.length;
      expect(Buffer.compare(value, new Uint8Array(all[i]!).fill(i + 1))).toBe(0);
      seen.push(value.length);
    });
    expect(seen).toEqual(reverse ? all.toReversed() : all);
  }
});

test("a view overlaps no other one", () => {
  const draw = random();
  const { map, all } = filledWithLengths();
  kept(map);
  using guard = map.pin();
  const taken: { view: Uint8Array; i: number }[] = [];
  for (let n = 0; n < 200; n++) {
    const i = Math.floor(draw() * all.length);
    if (all[i]! > 70_000) continue;
    const view = guard.get(i)!;
    view.fill(n);
    taken.push({ view, i: n });
  }
  for (const { view, i } of taken) expect(view.every((byte) => byte === i % 256)).toBe(true);
  expect(guard.get(8)!.every((byte) => byte === 9)).toBe(true);
});

describe("a visitor", () => {
  const size = 3000;
  const filled = () => {
    const map = kept(new MassTree<string>({ value: "utf8" }));
    for (let i = 0; i < size; i++) map.set(`key ${10_000 + i}`, `value ${i} ${"x".repeat(i % 50)}`);
    return map;
  };
  const keys = (guard: Guard<string>, each: (key: Uint8Array, value: Uint8Array) => void) => {
    const seen: string[] = [];
    guard.scan({}, (key, value) => {
      seen.push(`${text(key)}=${text(value)}`);
      each(key, value);
    });
    return seen;
  };

  test("that writes all over the memory of its views changes no length, no order and no map", () => {
    const map = filled();
    const wanted = [...map];
    using guard = map.pin();
    let at = 0;
    let whole = 0;
    guard.scan({}, (key, value) => {
      const [wantedKey, wantedValue] = wanted[at++]!;
      expect([key.length, value.length]).toEqual([wantedKey.length, wantedValue.length]);
      // What is behind it in the same batch was overwritten by the last visit; the first of a batch was not.
      if (key[0] !== 0xff) {
        expect([text(key), text(value)]).toEqual([wantedKey, wantedValue]);
        whole++;
      }
      new Uint8Array(key.buffer).fill(0xff);
    });
    expect(at).toBe(size);
    expect(whole).toBeGreaterThanOrEqual(size / 256);
    expect([...map]).toEqual(wanted);
  });

  test("that transfers its views away finds the next ones whole", () => {
    const map = filled();
    const wanted = [...map].map(([key, value]) => `${key}=${value}`);
    using guard = map.pin();
    let count = 0;
    const seen = keys(guard, (key) => {
      if (count++ % 7 === 0) structuredClone(key.buffer, { transfer: [key.buffer as ArrayBuffer] });
    });
    expect(seen).toEqual(wanted);
    for (const key of map.keys({ limit: 20 })) {
      const view = guard.get(key)!;
      expect(text(view)).toBe(map.get(key));
      structuredClone(view.buffer, { transfer: [view.buffer as ArrayBuffer] });
    }
  });

  test("runs while its thread holds nothing: others write, remove and reclaim", () => {
    const map = filled();
    const other = MassTree.attach<string>(map.handle);
    using guard = map.pin();
    const held = guard.get("key 10000")!;
    let visits = 0;
    guard.scan({}, () => {
      expect(map.stats().participants.every(({ pinned }) => !pinned)).toBe(true);
      other.set(`another ${visits}`, "x");
      return ++visits < 20;
    });
    map.clear();
    expect(other.maintain() || map.maintain()).toBe(false);
    expect(map.stats().retiredBytes).toBe(0);
    expect(text(held)).toBe("value 0 ");
    other.close();
  });

  test("that keeps views never sees another entry's bytes in them", () => {
    const map = filled();
    using guard = map.pin();
    const views: [view: Uint8Array, was: string][] = [];
    let visits = 0;
    guard.scan({}, (key, value) => {
      if (visits++ % 100 < 5) views.push([key, text(key)], [value, text(value)]);
      const [view, was] = views[(visits * 7) % views.length]!;
      expect(["", was]).toContain(text(view));
    });
    expect(visits).toBe(size);
    for (const [view] of views) expect(view.length).toBe(0);
  });

  test("may scan within a scan, with other guards and its own, and end the inner one", () => {
    const map = filled();
    using guard = map.pin();
    let inner = 0;
    let outer = 0;
    guard.scan({ limit: 600 }, (key) => {
      const own = text(key);
      outer++;
      const another = map.pin();
      for (const one of [guard, another]) {
        one.scan({ gt: own, limit: 3 }, (next) => {
          expect(text(next) > own).toBe(true);
          inner++;
          return inner % 3 !== 0;
        });
      }
      another.dispose();
      expect(text(key)).toBe(own);
    });
    expect(outer).toBe(600);
    expect(inner).toBeGreaterThan(1000);
  });
});

test("a codec that disposes of the guard, or closes the map, gets no view", () => {
  let meanwhile = () => {};
  const hooked = keyCodec<string>({
    name: "hooked",
    encode(key, target, offset) {
      meanwhile();
      return new TextEncoder().encodeInto(key, target.subarray(offset)).written;
    },
    decode: (bytes) => text(bytes),
  });
  const map = new MassTree<number, string>({ key: hooked });
  map.set("a", 1).set("b", 2);
  for (const use of [
    (guard: Guard<string>) => guard.get("a"),
    (guard: Guard<string>) => guard.scan({ gte: "a" }, () => expect.unreachable("a visit")),
  ]) {
    const guard = map.pin();
    meanwhile = () => guard.dispose();
    expect(() => use(guard)).toThrow(closed);
    expect(map.stats().guards).toEqual({ open: 0, bytes: 0, openFor: 0 });
  }
  const guard = map.pin();
  meanwhile = () => map.close();
  expect(() => guard.get("a")).toThrow(closed);
});

test("'stats' says how many guards are open, since when, and what they hold", async () => {
  const map = kept(new MassTree<string>({ value: "utf8" }));
  const other = MassTree.attach<string>(map.handle);
  map.set("a", "x".repeat(50_000));
  expect(map.stats().guards).toEqual({ open: 0, bytes: 0, openFor: 0 });
  const first = map.pin();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = performance.now();
  const second = map.pin();
  expect(map.stats().guards).toMatchObject({ open: 2, bytes: 0 });
  expect(map.stats().guards.openFor).toBeGreaterThanOrEqual(19);
  first.get("a");
  second.get("a");
  expect(map.stats().guards.bytes).toBe(100_000);
  expect(other.stats().guards.open).toBe(0);
  first.dispose();
  expect(map.stats().guards).toMatchObject({ open: 1, bytes: 50_000 });
  expect(map.stats().guards.openFor).toBeLessThanOrEqual(performance.now() - before);
  second.scan({}, () => {
    expect(map.stats().guards.bytes).toBeGreaterThan(50_000);
  });
  expect(map.stats().guards.bytes).toBe(50_000);
  second.dispose();
  expect(map.stats().guards).toEqual({ open: 0, bytes: 0, openFor: 0 });
  other.close();
});

test("a scan of long values holds no more than one or two of them", () => {
  const map = kept(new MassTree<Uint8Array>({ value: "bytes" }));
  for (let i = 0; i < 24; i++) map.set(`${100 + i}`, new Uint8Array(longest));
  using guard = map.pin();
  let most = 0;
  guard.scan({}, () => {
    most = Math.max(most, map.stats().guards.bytes);
  });
  expect(most).toBeGreaterThanOrEqual(longest);
  expect(most).toBeLessThan(2 * longest);
});

test("memory of guards that were disposed of is given back", () => {
  const map = kept(new MassTree<Uint8Array>({ value: "bytes" }));
  map.set("a", new Uint8Array(longest));
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 600; i++) {
    using guard = map.pin();
    expect(guard.get("a")!.length).toBe(longest);
  }
  // 600 MiB went through it; where buffers can be transferred only as clones, these wait for the collector.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300 * longest);
});

test("views stay as they are while threads replace and remove what they were made of", async () => {
  const map = kept(new MassTree<Uint8Array>({ value: "bytes" }));
  const control = new Int32Array(new SharedArrayBuffer(4));
  const workerData = {
    handle: map.handle,
    control,
    keys: 12,
    lengths: [0, 5, 40, 900, 20_000, 70_000],
  };
  const program = new URL("programs/replace-values.js", import.meta.url);
  const workers = [0, 1].map(
    (worker) => new Worker(program, { workerData: { ...workerData, worker } }),
  );
  const failed = Promise.race(
    workers.map((worker) => once(worker, "error").then(([error]) => error)),
  );
  await Promise.all(workers.map((worker) => once(worker, "online")));
  const end = Date.now() + runs(600, 20_000);
  const isUniform = (bytes: Uint8Array) => bytes.every((byte) => byte === bytes[0]);
  let seen = 0;
  while (Date.now() < end) {
    const guard = map.pin();
    const views: [Uint8Array, number, number | undefined][] = [];
    for (let i = 0; i < 40; i++) {
      const view = guard.get(`key ${i % 12}`);
      if (view === undefined) continue;
      expect(isUniform(view)).toBe(true);
      views.push([view, view.length, view[0]]);
    }
    guard.scan({ reverse: seen % 2 === 0 }, (_, value) => {
      expect(isUniform(value)).toBe(true);
      seen++;
    });
    for (const [view, length, first] of views) {
      expect([view.length, view[0], isUniform(view)]).toEqual([length, first, true]);
    }
    guard.dispose();
    for (const [view] of views) expect(view.length).toBe(0);
    // The workers tell of errors through the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  }
  Atomics.store(control, 0, 1);
  const ends = Promise.all(workers.map((worker) => once(worker, "exit")));
  expect(await Promise.race([ends, failed])).toEqual([[0], [0]]);
  expect(seen).toBeGreaterThan(0);
});
