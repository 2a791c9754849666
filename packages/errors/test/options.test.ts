import { expect, describe as group, test } from "vitest";
import { MassTreeBadOptionError } from "../src/index.ts";
import { badOption, checkNames, describe } from "../src/options.ts";

group("checkNames", () => {
  test.each([[{}], [{ size: 1 }], [{ size: undefined, kind: null }], [Object.create(null)]])(
    "accepts known names with any value: %o",
    (options) => {
      expect(() => checkNames(options, ["size", "kind"])).not.toThrow();
    },
  );

  test("refuses an unknown name, and lists the known ones", () => {
    const check = () => checkNames({ size: 1, knid: 2 }, ["size", "kind"]);
    expect(check).toThrow(MassTreeBadOptionError);
    expect(check).toThrow("There is no option 'knid'. The options are 'size', 'kind'.");
    expect(() => checkNames({ size: 1 }, [])).toThrow(
      "There is no option 'size'. This takes no options.",
    );
  });

  test.each([
    [null, "null"],
    [undefined, "undefined"],
    [1, "1"],
    ["size", '"size"'],
    [() => ({}), "a function"],
  ])("refuses options that are not an object: %o", (options, said) => {
    expect(() => checkNames(options, ["size"])).toThrow(MassTreeBadOptionError);
    expect(() => checkNames(options, ["size"])).toThrow(
      `The options must be an object, not ${said}.`,
    );
  });

  test.each([[[]], [["size"]], [new Map([["size", 1]])], [new Uint8Array(0)]])(
    "refuses an iterable, which may have no members: %o",
    (options) => {
      expect(() => checkNames(options, ["size"])).toThrow(MassTreeBadOptionError);
      expect(() => checkNames(options, ["size"])).toThrow(
        "The options must be an object, not an iterable. The only option is 'size'.",
      );
    },
  );
});

test("badOption names the option, what it must be and what it is", () => {
  const error = badOption("size", "an integer", 1.5);
  expect(error).toBeInstanceOf(MassTreeBadOptionError);
  expect(error.message).toBe("The option 'size' must be an integer, not 1.5.");
});

test.each([
  ["a".repeat(40), `"${"a".repeat(40)}"`],
  ["a".repeat(41), "a string of 41 characters"],
  ['"\n', '"\\"\\n"'],
  [5n, "5n"],
  [2n ** 127n - 1n, "170141183460469231731687303715884105727n"],
  [2n ** 127n, "a bigint of more than 128 bits"],
  [-(2n ** 100000n), "a bigint of more than 128 bits"],
  [-0, "-0"],
  [0, "0"],
  [Number.NaN, "NaN"],
  [true, "true"],
  [undefined, "undefined"],
  [null, "null"],
  [() => 1, "a function"],
  [Symbol("a"), "a symbol"],
  [[1], "an array"],
  [{}, "an object"],
  // Neither can be converted to a string.
  [Object.create(null), "an object"],
  [{ toString: () => expect.unreachable() }, "an object"],
])("describe gives a short text for %o", (value, said) => {
  expect(describe(value)).toBe(said);
});

test("describe takes a revoked proxy for an object", () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  expect(describe(proxy)).toBe("an object");
});
