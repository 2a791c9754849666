// What is refused, and what is left behind then; memory that is full; views that are closed.
import { runInNewContext } from "node:vm";
import { Region } from "@masstree/memory";
import { describe, expect, test } from "vitest";
import { SharedStack } from "../src/index.ts";
import { bytesOf, numberOf } from "./numbers.ts";

const longest = 135_168;

const transferred = new Uint8Array(4);
structuredClone(transferred, { transfer: [transferred.buffer] });

const withCode = (code: string) => expect.objectContaining({ code });

describe("values", () => {
  test("may have as many bytes as fit, and no more", () => {
    using stack = SharedStack.create();
    const value = new Uint8Array(longest).fill(7);
    stack.push(value);
    stack.push(new Uint8Array(0));
    expect(() => stack.push(new Uint8Array(longest + 1))).toThrow(withCode("MASSTREE_BAD_VALUE"));
    expect(stack.stats()).toMatchObject({ size: 2, bytes: longest });
    expect([...stack]).toEqual([new Uint8Array(0), value]);
    expect(stack.pop()).toEqual(new Uint8Array(0));
    expect(stack.pop()).toEqual(value);
    stack.verify();
  });

  test.each([
    ["a string", "text", 'not "text".'],
    ["nothing", undefined, "not undefined."],
    ["an array", [1, 2], "not an array."],
    ["other views", new Uint16Array(2), "not an object."],
    ["an ArrayBuffer", new ArrayBuffer(2), "not an object."],
    ["bytes that were transferred", transferred, "not one whose buffer was transferred."],
    ["what is too long", new Uint8Array(longest + 1), "not of 135169."],
  ])("that are no bytes change nothing: %s", (_, value, message) => {
    using stack = SharedStack.create();
    expect(() => stack.push(value as Uint8Array)).toThrow(
      expect.objectContaining({
        code: "MASSTREE_BAD_VALUE",
        message: expect.stringContaining(message),
      }),
    );
    expect(stack.stats()).toEqual({ size: 0, bytes: 0 });
    stack.verify();
  });

  test("are what the engine says, whatever they say of their length", () => {
    class Liar extends Uint8Array {
      override get length(): number {
        return expect.unreachable();
      }
    }
    const own = (length: number) =>
      Object.defineProperty(Uint8Array.of(7, 8), "length", { value: length });
    using stack = SharedStack.create();
    for (const value of [Liar.of(7, 8), own(1), own(2 ** 32 - 1)]) {
      stack.push(value);
      expect(stack.pop()).toEqual(Uint8Array.of(7, 8));
    }
    const long = Object.defineProperty(new Uint8Array(longest + 1), "length", { value: 1 });
    expect(() => stack.push(long)).toThrow(withCode("MASSTREE_BAD_VALUE"));
    expect(stack.size).toBe(0);
    stack.verify();
  });

  test("may be of another realm", () => {
    using stack = SharedStack.create();
    stack.push(runInNewContext("Uint8Array.of(7, 8)"));
    expect(stack.pop()).toEqual(Uint8Array.of(7, 8));
  });

  test("may be bytes of a shared buffer, or a part of a larger one", () => {
    using stack = SharedStack.create();
    const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(9);
    stack.push(shared.subarray(1, 3));
    const popped = stack.pop()!;
    expect([...popped]).toEqual([9, 9]);
    expect(popped.buffer).toBeInstanceOf(ArrayBuffer);
  });
});

describe("handles", () => {
  test.each([
    ["nothing", undefined],
    ["an object", {}],
    ["a map's", { masstree: "MassTree", layout: "2.2", memory: {} }],
    ["one without a memory", { masstree: "SharedStack", layout: "2.1" }],
    [
      "one of a memory that holds nothing",
      {
        masstree: "SharedStack",
        layout: "21714003",
        memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
      },
    ],
  ])("are refused: %s", (_, handle) => {
    expect(() => SharedStack.attach(handle)).toThrow(withCode("MASSTREE_BAD_HANDLE"));
  });

  test("are refused if they are of another version, and say so", () => {
    using stack = SharedStack.create();
    expect(() => SharedStack.attach({ ...stack.handle, layout: "21714004" })).toThrow(
      'The handle has layout "21714004", but this thread\'s SharedStack has layout "21714003".',
    );
  });

  test("are refused for a region that holds another structure", () => {
    using region = Region.create({ maxBytes: 2 ** 22 });
    using stack = SharedStack.create();
    const handle = { ...stack.handle, memory: region.memory };
    expect(() => SharedStack.attach(handle)).toThrow("holds no stack");
  });

  test("outlive the view that gave them", () => {
    const first = SharedStack.create();
    first.push(bytesOf(1));
    first.close();
    using second = SharedStack.attach(first.handle);
    expect(numberOf(second.pop())).toBe(1);
  });
});

test("bad options are refused", () => {
  expect(() => SharedStack.create({ maxBytes: -1 })).toThrow(withCode("MASSTREE_BAD_OPTION"));
  expect(() => SharedStack.create([] as object)).toThrow(withCode("MASSTREE_BAD_OPTION"));
  expect(() => SharedStack.create({ size: 1 } as object)).toThrow(/no option 'size'/);
  expect(() => SharedStack.create({ maxBytes: 2 ** 17 })).toThrow(withCode("MASSTREE_FULL"));
});

test("a closed view refuses everything, and others go on", () => {
  const stack = SharedStack.create();
  using other = SharedStack.attach(stack.handle);
  stack.push(bytesOf(1));
  stack.close();
  stack.close();
  const calls = [
    () => stack.push(bytesOf(1)),
    () => stack.pop(),
    () => stack.peek(),
    () => stack.size,
    () => stack.toArray(),
    () => [...stack],
    () => stack.stats(),
    () => stack.participants(),
    () => stack.participant,
    () => stack.verify(),
    () => stack.release(1),
  ];
  for (const call of calls) expect(call).toThrow(withCode("MASSTREE_CLOSED"));
  expect(numberOf(other.pop())).toBe(1);
});

test("a stack that is full says so, keeps what it has, and takes values again after a pop", () => {
  using stack = SharedStack.create({ maxBytes: 2 ** 20 });
  const value = new Uint8Array(10_000);
  const fill = () => {
    for (let count = 0; ; count++) {
      try {
        stack.push(value);
      } catch (error) {
        expect(error).toEqual(withCode("MASSTREE_FULL"));
        return count;
      }
    }
  };
  const capacity = fill();
  expect(capacity).toBeGreaterThan(20);
  expect(stack.size).toBe(capacity);
  stack.verify();
  // What was popped waits to be freed: only a push that reclaims it can use it.
  for (let round = 0; round < 3; round++) {
    while (stack.pop() !== undefined);
    expect(stack.size).toBe(0);
    expect(fill()).toBe(capacity);
  }
  stack.verify();
});

test("a value that was taken while the memory grew elsewhere can be read", () => {
  using one = SharedStack.create({ initialBytes: 2 ** 20 });
  using two = SharedStack.attach(one.handle);
  for (let n = 0; n < 50; n++) two.push(new Uint8Array(100_000).fill(n));
  for (let n = 49; n >= 0; n--) expect(one.pop()!.every((byte) => byte === n)).toBe(true);
});

test("verify finds a size that is not the chain's", () => {
  using stack = SharedStack.create();
  stack.push(bytesOf(1));
  const words = new Uint32Array(stack.handle.memory.buffer as unknown as ArrayBuffer);
  words[(512 + 12) / 4] = 2;
  expect(() => stack.verify()).toThrow(withCode("MASSTREE_CORRUPT"));
});
