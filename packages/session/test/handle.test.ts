import { describe, expect, test } from "vitest";
import { readHandle } from "../src/index.ts";

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const good = { masstree: "Stack", layout: "2.1", memory, width: 15 };
const read = (handle: unknown) => readHandle(handle, "Stack", "stack", ["width"], () => false);

test("a handle is read member by member, each once", () => {
  let reads = 0;
  const handle = Object.defineProperty({ ...good }, "width", { get: () => ++reads });
  expect(read(handle)).toEqual({ ...good, width: 1 });
  expect(reads).toBe(1);
});

describe("what is refused, and why:", () => {
  test.each([
    ["no object", 7, "not 7."],
    ["null", null, "not null."],
    [
      "a handle of another class",
      { ...good, masstree: "Queue" },
      "This handle is for the class Queue.",
    ],
    ["an object of another kind", {}, "not an object of another kind."],
    ["a class name that cannot be one", { ...good, masstree: "no name" }, "another kind"],
    ["one without a memory", { ...good, memory: undefined }, "an incomplete handle"],
    ["one without a layout", { ...good, layout: 3 }, "an incomplete handle"],
  ])("%s", (_, handle, message) => {
    expect(() => read(handle)).toThrow(
      expect.objectContaining({
        code: "MASSTREE_BAD_HANDLE",
        message: expect.stringContaining(message),
      }),
    );
  });

  test("one that throws when it is read, with what it threw as the cause", () => {
    const cause = new Error("no");
    const handle = Object.defineProperty({ ...good }, "layout", {
      get() {
        throw cause;
      },
    });
    expect(() => read(handle)).toThrow(
      expect.objectContaining({ code: "MASSTREE_BAD_HANDLE", cause }),
    );
  });

  test("a structure itself", () => {
    expect(() => readHandle(good, "Stack", "stack", [], () => true)).toThrow(
      "not the stack itself",
    );
  });
});
