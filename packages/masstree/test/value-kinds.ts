// The kinds of values of MassTree, as the suite that every map must pass takes them.
import type { ValueKind } from "@masstree/tree/test-suite";
import fc from "fast-check";
import { compressed, type ValueCodec } from "../src/index.ts";
import { msgpack } from "../src/msgpack.ts";

const dates: ValueCodec<Date> = {
  encode: (date) => new TextEncoder().encode(date.toISOString()),
  decode: (bytes) => new Date(new TextDecoder().decode(bytes)),
};

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;
const detached = new Uint8Array(4);
structuredClone(detached, { transfer: [detached.buffer] });

/** A kind of value, and the option that asks for it. */
type Kind<V> = ValueKind<V> & { readonly value: string | ValueCodec<V> };

const json: Kind<unknown> = {
  value: "json",
  // As JSON has them: it makes 0 of -0.
  arbitrary: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
  refused: [
    ...[undefined, () => 1, Symbol("s"), 1n, { a: [1n] }, cyclic, { toJSON() {} }],
    ...[Number.NaN, -Infinity, { a: { b: Infinity } }, [1, undefined], [[() => 1]], new Array(2)],
  ],
  spoil: (value) => {
    if (typeof value === "object" && value !== null) Object.assign(value, { 0: "spoilt" });
  },
};

const utf8: Kind<string> = {
  value: "utf8",
  arbitrary: fc.oneof(fc.string({ unit: "binary" }), fc.string({ maxLength: 300, size: "max" })),
  refused: [1, undefined, null, new String("a"), "\ud800", `${"x".repeat(70000)}\udc00`],
};

const bytes: Kind<Uint8Array> = {
  value: "bytes",
  arbitrary: fc.uint8Array({ maxLength: 300, size: "max" }),
  refused: ["a", [1], new Uint16Array(1), new ArrayBuffer(1), null, undefined, detached],
  spoil: (value) => {
    for (let i = 0; i < value.length; i++) value[i]! ^= 0x55;
  },
};

const custom: Kind<Date> = {
  value: dates,
  arbitrary: fc.date({ noInvalidDate: true }),
  spoil: (value) => {
    value.setTime(value.getTime() ^ 1);
  },
};

const structured: Kind<unknown> = {
  value: "structured",
  arbitrary: fc
    .anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
    })
    .filter((value) => value !== undefined),
  refused: [undefined, () => 1, Symbol("s"), { a: [() => 1] }, new WeakMap()],
  // V8 writes a whole number as an integer or as a double, whichever it has.
  comparable: false,
  spoil: (value) => {
    if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
      Object.assign(value, { spoilt: 1 });
    }
  },
};

const packed: Kind<unknown> = {
  value: msgpack(),
  // msgpackr renames members that are called __proto__.
  arbitrary: fc
    .jsonValue()
    .map((value) => JSON.parse(JSON.stringify(value).replaceAll("__proto__", "proto")) as unknown),
  refused: [undefined, () => 1, Symbol("s"), cyclic],
};

const short: Kind<unknown> = { ...json, value: compressed("json", { from: 20 }) };

export const valueKinds = {
  json,
  utf8,
  bytes,
  custom,
  structured,
  msgpack: packed,
  compressed: short,
} as unknown as Record<
  "json" | "utf8" | "bytes" | "custom" | "structured" | "msgpack" | "compressed",
  Kind<unknown>
>;
