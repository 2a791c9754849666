import { describe, expect, test } from "vitest";
import * as api from "../src/index.ts";
import { MassTreeError, type MassTreeErrorCode } from "../src/index.ts";

// A record over all codes: a code without a class does not compile.
const classes: Record<MassTreeErrorCode, new (message: string, options?: never) => MassTreeError> =
  {
    MASSTREE_FULL: api.MassTreeFullError,
    MASSTREE_KEY_TOO_LONG: api.MassTreeKeyTooLongError,
    MASSTREE_BAD_KEY: api.MassTreeBadKeyError,
    MASSTREE_BAD_VALUE: api.MassTreeBadValueError,
    MASSTREE_BAD_RANGE: api.MassTreeBadRangeError,
    MASSTREE_BAD_OPTION: api.MassTreeBadOptionError,
    MASSTREE_BAD_HANDLE: api.MassTreeBadHandleError,
    MASSTREE_NOT_LOADED: api.MassTreeNotLoadedError,
    MASSTREE_BAD_FILE: BadStart(),
    MASSTREE_CLOSED: api.MassTreeClosedError,
    MASSTREE_INTERRUPTED: api.MassTreeInterruptedError,
    MASSTREE_TOO_MANY_PARTICIPANTS: api.MassTreeTooManyParticipantsError,
    MASSTREE_UNSORTED: UnsortedAtTwo(),
    MASSTREE_CORRUPT: CorruptNowhere(),
    MASSTREE_UNSUPPORTED: api.MassTreeUnsupportedError,
    MASSTREE_TIMEOUT: api.MassTreeTimeoutError,
  };

function BadStart() {
  return class extends api.MassTreeBadFileError {
    constructor(message: string) {
      super(message, 0);
    }
  };
}

function CorruptNowhere() {
  return class extends api.MassTreeCorruptError {
    constructor(message: string) {
      super(message, {});
    }
  };
}

function UnsortedAtTwo() {
  return class extends api.MassTreeUnsortedError {
    constructor(message: string) {
      super(message, 2);
    }
  };
}

describe.each(Object.entries(classes))("%s", (code, Class) => {
  const error = new Class("say what to do");

  test("is an Error and a MassTreeError with its code", () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(MassTreeError);
    expect(error.code).toBe(code);
    expect(error.message).toBe("say what to do");
  });

  test("is named after its code", () => {
    const words = code.split("_").slice(1);
    const name = words.map((word) => word[0] + word.slice(1).toLowerCase()).join("");
    expect(error.name).toBe(`MassTree${name}Error`);
    expect(String(error)).toBe(`MassTree${name}Error: say what to do`);
    expect(Object.keys(error)).not.toContain("name");
    expect(api).toHaveProperty(error.name);
  });
});

test("there is one class per code, and no other", () => {
  const exported = Object.values(api).filter((Class) => Class !== MassTreeError);
  expect(exported).toHaveLength(Object.keys(classes).length);
});

test("an error keeps its cause", () => {
  const cause = new RangeError("engine");
  expect(new api.MassTreeUnsupportedError("no shared memory", { cause }).cause).toBe(cause);
  expect(new api.MassTreeCorruptError("leaf list", {}, { cause }).cause).toBe(cause);
});

test("MassTreeUnsortedError says which entry", () => {
  expect(new api.MassTreeUnsortedError("sort them", 17).position).toBe(17);
});

test("MassTreeBadFileError says where", () => {
  expect(new api.MassTreeBadFileError("damaged", 17).offset).toBe(17);
});

test("MassTreeCorruptError says where, in its message and as data", () => {
  const place = { node: 4096, slot: 3, ikey: 2n ** 63n, list: "next" };
  const error = new api.MassTreeCorruptError("a key is below its leaf's bound", place);
  expect(error.place).toEqual(place);
  expect(error.message).toBe(
    "a key is below its leaf's bound (node 4096, slot 3, ikey 9223372036854775808, list next)",
  );
});
