// Key codecs, and arrays as keys, that do what they must not in the middle of an operation.
import "./debug.ts";
import { verify } from "@masstree/tree";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type KeyCodec,
  keyCodec,
  list,
  MassTree,
  type MassTreeErrorCode,
  MassTreeInline,
  tuple,
} from "../src/index.ts";

const throws = (code: MassTreeErrorCode) => expect.objectContaining({ code });

/** Runs once, when the next key is encoded or decoded. */
let mischief: (() => void) | undefined;
/** Whether it runs before the key is written, rather than afterwards. */
let first: boolean;

function doIt(): void {
  const now = mischief;
  mischief = undefined;
  now?.();
}

const text = keyCodec<string>({
  name: "text",
  encode(key, target, offset) {
    if (first) doIt();
    const length = Buffer.from(target.buffer, target.byteOffset).write(key, offset);
    if (!first) doIt();
    return length;
  },
  decode(bytes) {
    doIt();
    return Buffer.from(bytes).toString();
  },
});

/** An array whose last member is a getter. */
function trap(key: string): readonly string[] {
  const members = [key, "end"];
  Object.defineProperty(members, 1, {
    get() {
      doIt();
      return "end";
    },
  });
  return members;
}

type Made = MassTree<string, unknown & NonNullable<unknown>>;
type Call = (map: Made, key: never, value: string) => unknown;
type Model = Map<string, string>;

/** Operations, and what they do to a model. */
const operations: Record<string, [call: Call, model: (model: Model, key: string) => unknown]> = {
  get: [(map, key) => map.get(key), (model, key) => model.get(key)],
  has: [(map, key) => map.has(key), (model, key) => model.has(key)],
  delete: [(map, key) => map.delete(key), (model, key) => model.delete(key)],
  set: [(map, key, value) => map.set(key, value) === map, (model, key) => put(model, key, true)],
  replace: [
    (map, key, value) => map.replace(key, value),
    (model, key) => (model.has(key) ? put(model, key, model.get(key)) : undefined),
  ],
  getOrInsert: [
    (map, key, value) => extra(map).getOrInsert!(key, value),
    (model, key) => (model.has(key) ? model.get(key) : put(model, key, VALUE)),
  ],
  getOrInsertComputed: [
    (map, key, value) => extra(map).getOrInsertComputed!(key, () => value),
    (model, key) => (model.has(key) ? model.get(key) : put(model, key, VALUE)),
  ],
  setIfAbsent: [
    (map, key, value) => extra(map).setIfAbsent!(key, value),
    (model, key) => (model.has(key) ? false : put(model, key, true)),
  ],
  exchange: [
    (map, key, value) => extra(map).exchange!(key, value),
    (model, key) => put(model, key, model.get(key)),
  ],
  take: [
    (map, key) => extra(map).take!(key),
    (model, key) => {
      const before = model.get(key);
      model.delete(key);
      return before;
    },
  ],
  update: [
    (map, key, value) => extra(map).update!(key, () => value),
    (model, key) => put(model, key, VALUE),
  ],
  getMany: [
    (map, key) => extra(map).getMany!([key, key]),
    (model, key) => [model.get(key), model.get(key)],
  ],
  hasMany: [(map, key) => extra(map).hasMany!([key]), (model, key) => [model.has(key)]],
  setMany: [
    (map, key, value) => extra(map).setMany!([[key, value]]) === map,
    (model, key) => put(model, key, true),
  ],
  deleteMany: [
    (map, key) => extra(map).deleteMany!([key]),
    (model, key) => Number(model.delete(key)),
  ],
  compareAndSet: [
    (map, key, value) => extra(map).compareAndSet!(key, "old", value),
    (model, key) => (model.get(key) === "old" ? put(model, key, true) : false),
  ],
};

// Long, so that it is not in the scratch.
const VALUE = "new".repeat(1000);

function extra(map: object): Record<string, ((...all: unknown[]) => unknown) | undefined> {
  return map as never;
}

function put<T>(model: Model, key: string, result: T): T {
  model.set(key, VALUE);
  return result;
}

const kinds: [string, codec: KeyCodec<never>, key: (text: string) => unknown][] = [
  ["a codec of one's own", text as KeyCodec<never>, (key) => key],
  ["a tuple with a codec of one's own", tuple("string", text) as never, (key) => [key, "end"]],
  ["a list with a getter", list("string") as never, trap],
];

describe.each(kinds)("%s", (_, codec, keyFor) => {
  let map: Made;
  let model: Model;
  let isClosed: boolean;
  const keyOf = (text: string) => keyFor(text) as never;

  beforeEach(() => {
    mischief = undefined;
    first = true;
    isClosed = false;
    map = new MassTree<string, never>({ key: codec, value: "utf8" } as never) as Made;
    model = new Map();
    for (const key of ["a", "b", "c"]) {
      map.set(keyOf(key), "old");
      model.set(key, "old");
    }
  });

  afterEach(() => {
    mischief = undefined;
    if (isClosed) return;
    const left = [...map].map(([key, value]) => [Array.isArray(key) ? key[0] : key, value]);
    expect(left).toEqual([...model].sort(([a], [b]) => (a < b ? -1 : 1)));
    verify(map);
    map.close();
  });

  const present = Object.entries(operations).filter(([name]) => name in MassTree.prototype);

  describe.each(present)("in %s", (_, [call, expected]) => {
    const busy: [string, () => void][] = [
      [
        "writes to the map",
        () => {
          for (const key of ["x", "y".repeat(100), "z"]) {
            map.set(keyOf(key), key.repeat(300));
            model.set(key, key.repeat(300));
          }
          map.replace(keyOf("b"), "b");
          model.set("b", "b");
          map.delete(keyOf("c"));
          model.delete("c");
        },
      ],
      [
        "writes the same key",
        () => {
          map.set(keyOf("a"), "other");
          model.set("a", "other");
          map.delete(keyOf("new"));
          model.delete("new");
        },
      ],
      ["reads the map", () => [...map, ...map.keys({ gt: keyOf("a") })].forEach(() => {})],
      [
        "empties the map",
        () => {
          map.clear();
          model.clear();
        },
      ],
      [
        "writes to other maps",
        () => {
          const other = new MassTree({ value: "utf8" });
          const numbers = new MassTreeInline();
          for (const key of ["q", "r".repeat(50)]) other.set(key, "s".repeat(5000));
          numbers.set("q", 1);
          expect(other.get("q")).toBe("s".repeat(5000));
          other.close();
          numbers.close();
        },
      ],
      [
        "fills the stack",
        () => {
          const fill = (): void => {
            map.get(keyOf("a"));
            fill();
          };
          expect(fill).toThrow();
        },
      ],
    ];

    test.each(busy)("code of the caller that %s", (_, does) => {
      for (const when of [true, false]) {
        for (const key of ["a", "new"]) {
          first = when;
          let before: unknown;
          mischief = () => {
            does();
            before = expected(model, key);
          };
          const result = call(map, keyOf(key), VALUE);
          expect(mischief).toBe(undefined);
          expect(result).toEqual(before);
        }
      }
    });

    test("code of the caller that closes the map", () => {
      const other = MassTree.attach<string, never>(map.handle, { key: codec } as never);
      mischief = () => map.close();
      isClosed = true;
      expect(() => call(map, keyOf("a"), VALUE)).toThrow(throws("MASSTREE_CLOSED"));
      expect(other.size).toBe(3);
      verify(other);
      other.close();
    });

    test("code of the caller that throws", () => {
      const mine = new Error("mine");
      mischief = () => {
        throw mine;
      };
      expect(() => call(map, keyOf("a"), VALUE)).toThrow(mine);
      expect(() => [...map.keys({ gte: keyOf("a") })]).not.toThrow();
      mischief = () => {
        throw mine;
      };
      expect(() => map.keys({ gte: keyOf("a") })).toThrow(throws("MASSTREE_BAD_RANGE"));
    });
  });

  test("a bound whose code checks other ranges", () => {
    mischief = () => void map.keys({ gt: keyOf("b"), lte: keyOf("zzzzzzzzzzzz") });
    const keys = [...map.keys({ gte: keyOf("b"), lt: keyOf("c") })];
    expect(keys).toEqual([keyOf("b")]);
  });
});

describe("decoding that uses the map", () => {
  const map = () => {
    const made = new MassTree<string, string>({ key: text, value: "utf8" });
    for (let i = 0; i < 40; i++) made.set(`key${i + 10}`, `value${i + 10}`);
    return made;
  };

  test("a step within a step of the same iterator gives each key its own value", () => {
    const made = map();
    const entries = made.entries();
    const seen: [string, string][] = [];
    for (let i = 0; i < 10; i++) {
      mischief = () => {
        for (let j = 0; j < 3; j++) seen.push(entries.next().value!);
      };
      seen.push(entries.next().value!);
    }
    expect(seen).toHaveLength(40);
    for (const [key, value] of seen) expect(value.slice(5)).toBe(key.slice(3));
    expect(new Set(seen.map(([key]) => key)).size).toBe(40);
    expect(entries.next().done).toBe(true);
    made.close();
  });

  test("an iterator that is ended, or a map that is closed, while it decodes", () => {
    const made = map();
    const entries = made.entries();
    mischief = () => void entries.return();
    expect(entries.next().value).toEqual(["key10", "value10"]);
    expect(entries.next().done).toBe(true);
    const keys = made.keys();
    mischief = () => made.close();
    expect(keys.next().value).toBe("key10");
    expect(() => keys.next()).toThrow(throws("MASSTREE_CLOSED"));
  });

  test("forEach, first and last", () => {
    const made = map();
    const clear = () => {
      made.clear();
      made.set("other", "other");
    };
    mischief = clear;
    expect(made.first()).toEqual(["key10", "value10"]);
    const again = map();
    const seen: string[] = [];
    again.forEach((value, key) => {
      seen.push(key, value);
      mischief = () => again.delete("key11");
    });
    expect(seen.slice(0, 2)).toEqual(["key10", "value10"]);
    for (let i = 0; i < seen.length; i += 2) expect(seen[i + 1]!.slice(5)).toBe(seen[i]!.slice(3));
    again.close();
    made.close();
  });
});

test("a codec that changes its mind loses keys and harms nothing else", () => {
  let salt = 0;
  const fickle = keyCodec<string>({
    name: "fickle",
    encode(key, target, offset) {
      target.set(Buffer.from(`${salt++ % 7}${key}`), offset);
      return key.length + 1;
    },
    decode: (bytes) => String.fromCharCode(...bytes),
  });
  const map = new MassTree<number, string>({ key: fickle });
  for (let i = 0; i < 500; i++) {
    map.set(`k${i % 50}`, i);
    map.get(`k${i}`);
    map.replace(`k${i}`, i);
    map.delete(`k${i % 13}`);
    [...map.keys({ gt: "k1", lt: "k9", limit: 3 })];
  }
  const keys = [...map.keys()];
  expect(keys).toEqual([...keys].sort());
  expect(keys).toHaveLength(map.size);
  verify(map);
  map.close();
});

test("a codec that returns nonsense is refused before anything changes", () => {
  let length: unknown = 1;
  const liar = keyCodec<string>({
    name: "liar",
    encode: (key, target, offset) => {
      target.fill(0xff);
      target.set(Buffer.from(key), offset);
      return length as number;
    },
    decode: String,
  });
  const map = new MassTree<number, string>({ key: liar });
  map.set("a", 1);
  for (const [bad, code] of [
    [Number.NaN, "MASSTREE_BAD_KEY"],
    [-1, "MASSTREE_BAD_KEY"],
    [0.5, "MASSTREE_BAD_KEY"],
    ["1", "MASSTREE_BAD_KEY"],
    [undefined, "MASSTREE_BAD_KEY"],
    [65_537, "MASSTREE_KEY_TOO_LONG"],
    [2 ** 32 + 1, "MASSTREE_KEY_TOO_LONG"],
  ] as const) {
    length = bad;
    for (const call of [
      () => map.set("a", 2),
      () => map.get("a"),
      () => map.has("a"),
      () => map.delete("a"),
      () => map.replace("a", 2),
    ]) {
      expect(call).toThrow(throws(code));
    }
    expect(() => map.keys({ lt: "a" })).toThrow(throws("MASSTREE_BAD_RANGE"));
  }
  length = 1;
  expect(map.get("a")).toBe(1);
  verify(map);
  map.close();
});
