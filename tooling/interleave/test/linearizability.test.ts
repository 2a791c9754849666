import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Call, findViolation, type Model } from "../src/linearizability/check.ts";
import {
  checkScanOrder,
  type MapInput,
  type MapOutput,
  mapModel,
  scanAsReads,
} from "../src/linearizability/map-model.ts";

type MapCall = Call<MapInput, MapOutput>;

const never = Number.POSITIVE_INFINITY;

function call(
  thread: number,
  called: number,
  returned: number,
  input: MapInput,
  value?: string,
): MapCall {
  return { thread, called, returned, input, output: returned === never ? undefined : { value } };
}

const get = (key = "k"): MapInput => ({ key, does: "get" });
const set = (value: string, key = "k"): MapInput => ({ key, does: "set", value });
const remove = (key = "k"): MapInput => ({ key, does: "remove" });

const good: Record<string, MapCall[]> = {
  "an empty history": [],
  "calls one after the other": [
    call(0, 1, 2, set("a")),
    call(1, 3, 4, get(), "a"),
    call(0, 5, 6, remove(), "a"),
    call(1, 7, 8, get()),
  ],
  "a read of an overlapping write, before and after it took effect": [
    call(0, 1, 10, set("a")),
    call(1, 2, 3, get()),
    call(1, 4, 5, get(), "a"),
  ],
  "two writes that overlap, each seeing the other's value or none": [
    call(0, 1, 10, set("a"), "b"),
    call(1, 2, 9, set("b")),
  ],
  "a call that never returned, and took effect": [
    call(0, 1, never, set("a")),
    call(1, 2, 3, get(), "a"),
  ],
  "a call that never returned, and did not": [
    call(0, 1, never, set("a")),
    call(1, 2, 3, get()),
    call(1, 4, 5, get()),
  ],
  "a call that never returned takes effect long after": [
    call(0, 1, never, set("a")),
    call(1, 2, 3, get()),
    call(1, 40, 50, get(), "a"),
  ],
  "calls that only say whether there was a value": [
    { ...call(0, 1, 2, set("a")), output: { value: undefined, existed: false } },
    { ...call(0, 3, 4, remove()), output: { value: undefined, existed: true } },
    { ...call(1, 5, 6, remove()), output: { value: undefined, existed: false } },
  ],
  "a failed write changes nothing": [
    call(0, 1, 2, set("a")),
    { ...call(0, 3, 4, set("b")), output: { value: undefined, failed: true } },
    call(0, 5, 6, get(), "a"),
  ],
  "calls with the same stamp overlap": [call(0, 1, 2, set("a")), call(1, 2, 3, get())],
  "the writes must be ordered against the order of their calls": [
    call(0, 1, 20, set("a"), "b"),
    call(1, 2, 21, set("b"), "c"),
    call(2, 3, 22, set("c")),
    call(3, 23, 24, get(), "a"),
  ],
};

const bad: Record<string, MapCall[]> = {
  "a stale read": [call(0, 1, 2, set("a")), call(1, 3, 4, get())],
  "a value that nobody wrote": [call(0, 1, 10, set("a")), call(1, 2, 9, get(), "z")],
  "a lost update": [call(0, 1, 10, set("a")), call(1, 2, 9, set("b"))],
  "two reads that see two overlapping writes in opposite orders": [
    call(0, 1, 20, set("a"), undefined),
    call(1, 2, 21, set("b"), "a"),
    call(2, 3, 4, get(), "b"),
    call(2, 5, 6, get(), "a"),
  ],
  "a read that goes back in time": [
    call(0, 1, 30, set("a")),
    call(1, 2, 3, get(), "a"),
    call(2, 4, 5, get()),
  ],
  "two removals of one value": [
    call(0, 1, 2, set("a")),
    call(1, 3, 10, remove(), "a"),
    call(2, 4, 9, remove(), "a"),
  ],
  "a call that never returned took effect twice": [
    call(0, 1, never, set("a")),
    call(1, 2, 3, remove(), "a"),
    call(1, 4, 5, remove(), "a"),
  ],
  "a call that found a value where there was none": [
    { ...call(0, 1, 2, remove()), output: { value: undefined, existed: true } },
  ],
  "a call that did not find the value that was there": [
    call(0, 1, 2, set("a")),
    { ...call(1, 3, 4, set("b")), output: { value: undefined, existed: false } },
  ],
  "a failed write that was seen": [
    { ...call(0, 1, 10, set("b")), output: { value: undefined, failed: true } },
    call(1, 2, 3, get(), "b"),
  ],
  "one bad key among good ones": [
    call(0, 1, 2, set("a", "x")),
    call(0, 3, 4, set("b", "y")),
    call(1, 5, 6, get("x"), "a"),
    call(1, 7, 8, get("y"), "a"),
  ],
};

describe("a history is linearizable", () => {
  test.each(Object.entries(good))("with %s", (_, history) => {
    expect(findViolation(mapModel(), history)).toBeUndefined();
  });
});

describe("a history is not linearizable", () => {
  test.each(Object.entries(bad))("with %s", (_, history) => {
    const violation = findViolation(mapModel(), history);
    expect(violation).toBeDefined();
    expect(violation!.calls.length).toBeGreaterThan(violation!.longest.length);
  });
});

test("a map starts with its contents", () => {
  const contents = new Map([["k", "a"]]);
  expect(findViolation(mapModel(contents), [call(0, 1, 2, get(), "a")])).toBeUndefined();
  expect(findViolation(mapModel(contents), [call(0, 1, 2, get())])).toBeDefined();
});

// A queue does not come apart into keys: the search has to work for it.
const queue: Model<readonly number[], { put?: number }, { took?: number | undefined }> = {
  initial: [],
  keyOf: (state) => state.join(),
  step: (state, { put }, output) => {
    if (put !== undefined) return [...state, put];
    if (output !== undefined && state[0] !== output.took) return undefined;
    return state.slice(1);
  },
};

test("a queue that hands out in the order of putting is linearizable, the other order is not", () => {
  const history = (first: number, second: number) => [
    { thread: 0, called: 1, returned: 2, input: { put: 1 }, output: {} },
    { thread: 0, called: 3, returned: 4, input: { put: 2 }, output: {} },
    { thread: 1, called: 5, returned: 6, input: {}, output: { took: first } },
    { thread: 2, called: 7, returned: 8, input: {}, output: { took: second } },
  ];
  expect(findViolation(queue, history(1, 2))).toBeUndefined();
  expect(findViolation(queue, history(2, 1))).toBeDefined();
});

test("many overlapping calls, which have a factorial number of orders, are checked at once", () => {
  // 24 writes overlap; each returned the value of another, in a chain; one link is broken or not.
  const size = 24;
  const history = (last: string) =>
    Array.from({ length: size }, (_, index) =>
      call(
        index,
        index,
        1000 + index,
        set(String(index)),
        index === 0 ? undefined : String(index - 1),
      ),
    ).concat(call(size, 2000, 2001, get(), last));
  expect(findViolation(mapModel(), history(String(size - 1)))).toBeUndefined();
  expect(findViolation(mapModel(), history("0"))).toBeDefined();
});

test("a long history over many keys is checked within seconds", () => {
  const history: MapCall[] = [];
  const values = new Map<string, string>();
  for (let index = 0; index < 20_000; index++) {
    const key = `k${index % 50}`;
    const before = values.get(key);
    values.set(key, String(index));
    history.push(call(index % 4, index * 3, index * 3 + 4, set(String(index), key), before));
  }
  expect(findViolation(mapModel(), history)).toBeUndefined();
});

// Histories made by letting every call take effect at a moment between its stamps.
const madeHistories = fc
  .array(
    fc.record({
      thread: fc.nat(3),
      effect: fc.integer({ min: 0, max: 1000 }),
      before: fc.nat(60),
      after: fc.nat(60),
      key: fc.constantFrom("x", "y"),
      does: fc.constantFrom("get", "set", "remove") as fc.Arbitrary<MapInput["does"]>,
    }),
    { maxLength: 14 },
  )
  .map((moments) => {
    const values = new Map<string, string>();
    return [...moments]
      .sort((a, b) => a.effect - b.effect)
      .map(({ thread, effect, before, after, key, does }, index): MapCall => {
        const value = values.get(key);
        if (does === "set") values.set(key, String(index));
        else if (does === "remove") values.delete(key);
        const input = does === "set" ? set(String(index), key) : { key, does };
        return call(thread, effect - before, effect + after, input, value);
      });
  });

test("a history whose calls took effect between their stamps is linearizable", () => {
  fc.assert(
    fc.property(madeHistories, (history) => {
      expect(findViolation(mapModel(), history)).toBeUndefined();
    }),
  );
});

function bruteForce(history: readonly MapCall[]): boolean {
  const model = mapModel();
  const extend = (left: readonly MapCall[], state: (typeof model)["initial"]): boolean => {
    if (left.length === 0) return true;
    const firstReturn = Math.min(...left.map(({ returned }) => returned));
    return left.some((next) => {
      if (next.called > firstReturn) return false;
      const after = model.step(state, next.input, next.output);
      return (
        after !== undefined &&
        extend(
          left.filter((other) => other !== next),
          after,
        )
      );
    });
  };
  return ["x", "y"].every((key) =>
    extend(
      history.filter(({ input }) => input.key === key),
      model.initial,
    ),
  );
}

test("the search agrees with trying all orders, on histories with a wrong answer", () => {
  const wrong = fc
    .tuple(madeHistories, fc.nat(), fc.constantFrom(undefined, "0", "1", "2"))
    .filter(([history]) => history.length > 0 && history.length <= 8)
    .map(([history, which, value]) =>
      history.map((entry, index) =>
        index === which % history.length ? { ...entry, output: { value } } : entry,
      ),
    );
  fc.assert(
    fc.property(wrong, (history) => {
      expect(findViolation(mapModel(), history) === undefined).toBe(bruteForce(history));
    }),
    { numRuns: 300 },
  );
});

describe("a scan", () => {
  const covers = (key: string) => key >= "a" && key < "m";
  const scan = (entries: [string, string][], reverse = false) => ({ entries, reverse, covers });

  test("out of order, twice the same or out of range is refused", () => {
    expect(
      checkScanOrder(
        scan([
          ["a", "1"],
          ["b", "1"],
        ]),
      ),
    ).toBeUndefined();
    expect(
      checkScanOrder(
        scan(
          [
            ["b", "1"],
            ["a", "1"],
          ],
          true,
        ),
      ),
    ).toBeUndefined();
    expect(
      checkScanOrder(
        scan([
          ["b", "1"],
          ["a", "1"],
        ]),
      ),
    ).toMatch("after");
    expect(
      checkScanOrder(
        scan([
          ["b", "1"],
          ["b", "1"],
        ]),
      ),
    ).toMatch("after");
    expect(checkScanOrder(scan([["m", "1"]]))).toMatch("range");
  });

  const model = mapModel(
    new Map([
      ["a", "1"],
      ["b", "1"],
      ["z", "1"],
    ]),
  );
  const keys = ["a", "b", "c", "z"];

  test("must visit what was there all the time, and nothing else", () => {
    const stamps = { thread: 1, called: 1, returned: 9 };
    const all = scanAsReads(
      scan([
        ["a", "1"],
        ["b", "1"],
      ]),
      stamps,
      keys,
    );
    expect(findViolation(model, all)).toBeUndefined();
    const missing = scanAsReads(scan([["a", "1"]]), stamps, keys);
    expect(findViolation(model, missing)?.part).toBe("b");
    const invented = scanAsReads(
      scan([
        ["a", "1"],
        ["b", "1"],
        ["c", "1"],
      ]),
      stamps,
      keys,
    );
    expect(findViolation(model, invented)?.part).toBe("c");
  });

  test("may or may not see a key that came or went meanwhile", () => {
    const stamps = { thread: 1, called: 1, returned: 9 };
    const writes = [call(0, 2, 3, set("2", "c")), call(0, 4, 5, remove("b"), "1")];
    for (const entries of [
      [["a", "1"]],
      [
        ["a", "1"],
        ["b", "1"],
      ],
      [
        ["a", "1"],
        ["c", "2"],
      ],
    ]) {
      const reads = scanAsReads(scan(entries as [string, string][]), stamps, keys);
      expect(findViolation(model, [...writes, ...reads])).toBeUndefined();
    }
  });
});
