// The kinds of values of MassTree, as the suite that every map must pass takes them.
import type { ValueKind } from "@masstree/tree/test-suite";
import fc from "fast-check";
import type { ValueCodec } from "../src/index.ts";

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
  refused: [undefined, () => 1, Symbol("s"), 1n, { a: [1n] }, cyclic, { toJSON() {} }],
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

export const valueKinds = { json, utf8, bytes, custom } as unknown as Record<
  "json" | "utf8" | "bytes" | "custom",
  Kind<unknown>
>;
