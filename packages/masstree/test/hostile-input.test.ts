// Keys, values, options and handles whose members lie, throw or use the map themselves.
import "../src/24.ts";
import "./debug.ts";
import { inspect } from "node:util";
import { createContext } from "node:vm";
import {
  MessageChannel,
  moveMessagePortToContext,
  receiveMessageOnPort,
} from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { MassTree, type MassTreeErrorCode, MassTreeInline } from "../src/index.ts";

const throws = (code: MassTreeErrorCode) => expect.objectContaining({ code });

function revoked(): never {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy as never;
}

const members = [
  "length",
  "byteLength",
  "byteOffset",
  "buffer",
  "subarray",
  "slice",
  "constructor",
];

/** A plain array of bytes, and one whose every member is the caller's. */
function sly(length: number, byte: number, does: () => unknown): Uint8Array {
  const bytes = new Uint8Array(length).fill(byte);
  for (const name of members) Object.defineProperty(bytes, name, { get: does });
  return bytes;
}

describe.each([2, 40, 100, 70_000])("bytes of %i bytes with members of their own", (length) => {
  const lies: [string, unknown][] = [
    ["-1", -1],
    ["NaN", Number.NaN],
    ["too many", 1e6],
    ["a string", "5"],
    ["a function", () => new Uint8Array(1)],
  ];
  test.each(lies)("are stored as their real bytes: %s", (_, lie) => {
    const map = new MassTree({ key: "bytes", value: "bytes" });
    const bytes = sly(length, 3, () => lie);
    if (length <= 65536) map.set(bytes, Uint8Array.of(1));
    map.set(Uint8Array.of(9), bytes);
    const plain = new Uint8Array(length).fill(3);
    if (length <= 65536) expect(map.first()).toEqual([plain, Uint8Array.of(1)]);
    expect(map.get(Uint8Array.of(9))).toEqual(plain);
    expect([...map.values({ gte: Uint8Array.of(9) })]).toEqual([plain]);
    map.verify();
    map.close();
  });

  test("cannot use the map from within set", () => {
    const map = new MassTree({ key: "bytes", value: "bytes" });
    const other = MassTree.attach<Uint8Array, Uint8Array>(map.handle);
    const close = () => map.close();
    if (length <= 65536) map.set(sly(length, 3, close), Uint8Array.of(1));
    map.set(Uint8Array.of(9), sly(length, 4, close));
    expect(other.size).toBe(length <= 65536 ? 2 : 1);
    other.verify();
    other.close();
    map.close();
  });
});

test("values of a subclass with another constructor are stored whole", () => {
  class Digest extends Uint8Array {
    constructor(byte: unknown) {
      super(100);
      if (typeof byte === "number") this.fill(byte);
    }
  }
  const map = new MassTree({ key: "bytes", value: "bytes" });
  for (const byte of [1, 2]) map.set(new Digest(byte), new Digest(byte + 10));
  expect(map.size).toBe(2);
  expect(map.get(new Digest(2))).toEqual(new Uint8Array(100).fill(12));
  map.verify();
  map.close();
});

test("a value whose bytes are gone is refused, and the old one stays", () => {
  const map = new MassTree({ value: "bytes" });
  map.set("a", Uint8Array.of(1));
  const moved = new Uint8Array(4);
  structuredClone(moved, { transfer: [moved.buffer] });
  const Resizable = ArrayBuffer as unknown as new (
    length: number,
    options: { maxByteLength: number },
  ) => ArrayBuffer & { resize(length: number): void };
  const buffer = new Resizable(8, { maxByteLength: 16 });
  const cut = new Uint8Array(buffer, 4, 4);
  buffer.resize(2);
  for (const lost of [moved, cut]) {
    expect(() => map.set("a", lost)).toThrow(throws("MASSTREE_BAD_VALUE"));
    expect(() => map.set("a", lost)).toThrow(/bytes are gone/);
  }
  expect(map.get("a")).toEqual(Uint8Array.of(1));
  map.close();
});

const classes = { MassTree: MassTree as unknown as typeof MassTreeInline, MassTreeInline };

describe.each(Object.entries(classes))("%s", (_, Class) => {
  const thrower = (name: string) => ({
    get [name](): never {
      throw new Error("the caller's own");
    },
  });

  test("refuses options that cannot be read, and says why", () => {
    const options: unknown[] = [
      revoked(),
      { value: revoked() },
      { maxBytes: Object.create(null) },
      { initialBytes: revoked() },
      { maxBytes: { toString: () => expect.unreachable() } },
      ...["key", "value", "width", "initialBytes", "maxBytes"].map(thrower),
      { value: thrower("encode") },
    ];
    for (const each of options) {
      expect(() => new Class(each as never)).toThrow(throws("MASSTREE_BAD_OPTION"));
    }
    expect(() => new Class(thrower("key") as never)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ message: "the caller's own" }) }),
    );
  });

  test("reads each option once", () => {
    let reads = 0;
    const options = {
      get key(): "bytes" | "string" {
        return reads++ === 0 ? "bytes" : "string";
      },
    };
    const map = new Class(options as object);
    expect(reads).toBe(1);
    expect(map.handle.key).toBe("bytes");
    map.close();
  });

  test("refuses handles that cannot be read, and says what they are", () => {
    const map = new Class();
    const { handle } = map;
    const attach = (from: unknown) => () => Class.attach(from as never);
    for (const bad of [
      revoked(),
      thrower("masstree"),
      Object.defineProperties({ ...handle }, Object.getOwnPropertyDescriptors(thrower("memory"))),
      { ...handle, memory: revoked() },
      { ...handle, memory: null },
      { ...handle, memory: { buffer: handle.memory.buffer } },
      { ...handle, memory: new WebAssembly.Memory({ initial: 1 }) },
      { ...handle, layout: Symbol("1") },
      Object.create(null),
    ]) {
      expect(attach(bad)).toThrow(throws("MASSTREE_BAD_HANDLE"));
    }
    expect(attach(thrower("masstree"))).toThrow("cannot be read: the caller's own");
    expect(attach(undefined)).toThrow("not undefined.");
    expect(attach("handle")).toThrow('not "handle".');
    expect(attach(map)).toThrow("not the map itself.");
    expect(attach({ ...handle, masstree: "DateMap" })).toThrow(
      "This handle is for the class DateMap. Open it with DateMap.attach(handle).",
    );
    for (const masstree of ["<script>", "", "a".repeat(1000), "two words", 5, null]) {
      expect(attach({ ...handle, masstree })).toThrow("not an object of another kind.");
    }
    expect(map.stats().participants).toHaveLength(1);
    map.close();
  });

  test("opens a handle that another realm received", () => {
    const map = new Class();
    map.set("a", 1);
    const { port1, port2 } = new MessageChannel();
    const port = moveMessagePortToContext(port2, createContext({}));
    port1.postMessage(map.handle);
    const received = receiveMessageOnPort(port)!.message;
    expect(received.memory instanceof WebAssembly.Memory).toBe(false);
    const other = Class.attach(received);
    expect(other.get("a")).toBe(1);
    other.close();
    port1.close();
    map.close();
  });

  test("refuses memory below 384 KiB, too small for an empty map, and says so", () => {
    for (let maxBytes = 65536; maxBytes < 393_216; maxBytes += 65536) {
      expect(() => new Class({ maxBytes })).toThrow(throws("MASSTREE_FULL"));
      expect(() => new Class({ maxBytes })).toThrow("Not even an empty map fits in 'maxBytes'.");
    }
    for (const width of [15, 24] as const) {
      const map = new Class({ maxBytes: 393_216, width });
      map.set("a", 1);
      expect(map.get("a")).toBe(1);
      map.verify();
      map.close();
    }
  });

  test("has a prototype that can be inspected", () => {
    expect(Object.prototype.toString.call(Class.prototype)).toBe("[object OrderedMap]");
    expect(inspect(Class.prototype)).toContain("OrderedMap");
  });
});

test("what toJSON throws is the cause, whatever it is", () => {
  const map = new MassTree();
  for (const thrown of [
    Object.create(null),
    revoked(),
    5,
    undefined,
    Symbol("a"),
    new Error("own"),
  ]) {
    const value = {
      toJSON() {
        throw thrown;
      },
    };
    try {
      map.set("a", value);
      expect.unreachable();
    } catch (error) {
      expect((error as { code: string }).code).toBe("MASSTREE_BAD_VALUE");
      expect((error as Error).cause === thrown).toBe(true);
    }
  }
  expect(() => map.set("a", () => {})).toThrow("JSON.stringify returns nothing for a function.");
  expect(map.size).toBe(0);
  map.close();
});

test("a huge number is not written out in a message", () => {
  const map = new MassTreeInline({ value: "u64" });
  try {
    map.set("a", 2n ** 200_000n);
    expect.unreachable();
  } catch (error) {
    expect((error as { code: string }).code).toBe("MASSTREE_BAD_VALUE");
    expect((error as Error).message.length).toBeLessThan(200);
  }
  map.close();
});

test("ranges that cannot be read are refused", () => {
  const map = new MassTree();
  const getter = {
    get gte(): never {
      throw Object.create(null);
    },
  };
  for (const range of [revoked(), getter, { gte: revoked() }, { lt: {} }, { limit: revoked() }]) {
    expect(() => map.keys(range as never)).toThrow(throws("MASSTREE_BAD_RANGE"));
  }
  map.close();
});
