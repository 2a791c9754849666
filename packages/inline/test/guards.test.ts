// Guards of maps whose values are numbers in slots, and of sets: which bytes they give.
import { verify } from "@masstree/tree";
import { seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { date, MassTreeInline, MassTreeSet, tuple } from "../src/index.ts";

const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
const kinds = {
  f64: {
    length: 8,
    values: fc.double(),
    set: (view: DataView, v: never) => view.setFloat64(0, v, true),
  },
  u32: {
    length: 4,
    values: fc.nat(2 ** 32 - 1),
    set: (view: DataView, v: never) => view.setUint32(0, v, true),
  },
  i32: {
    length: 4,
    values: fc.integer(),
    set: (view: DataView, v: never) => view.setInt32(0, v, true),
  },
  u64: { length: 8, values: u64, set: (view: DataView, v: never) => view.setBigUint64(0, v, true) },
  i64: {
    length: 8,
    values: u64.map((value) => BigInt.asIntN(64, value)),
    set: (view: DataView, v: never) => view.setBigInt64(0, v, true),
  },
} as const;

test.each(Object.entries(kinds))("%s are the little-endian bytes of their type", (value, kind) => {
  const property = fc.property(
    fc.array(kind.values as fc.Arbitrary<never>, { minLength: 1, maxLength: 40 }),
    (values) => {
      const map = new MassTreeInline<never>({ value: value as never });
      const guard = map.pin();
      const wanted = values.map((one, i) => {
        const bytes = new DataView(new ArrayBuffer(kind.length));
        // The one NaN that the map stores.
        kind.set(bytes, (Number.isNaN(one) ? Number.NaN : one) as never);
        map.set(`${1000 + i}`, one);
        return new Uint8Array(bytes.buffer);
      });
      const views = values.map((_, i) => guard.get(`${1000 + i}`));
      expect(views).toEqual(wanted);
      const scanned: Uint8Array[] = [];
      guard.scan({}, (_, view) => {
        scanned.push(view.slice());
      });
      expect(scanned).toEqual(wanted);
      for (let i = 0; i < values.length; i++) map.delete(`${1000 + i}`);
      expect(views).toEqual(wanted);
      guard.dispose();
      verify(map);
      map.close();
    },
  );
  fc.assert(property, { numRuns: 20, seed });
});

test("a view over numbers can be had where 'get' has put them", () => {
  using map = new MassTreeInline();
  using guard = map.set("a", 1).set("b", 2.5).pin();
  guard.get("a");
  const view = guard.get("b")!;
  expect(new Float64Array(view.buffer, view.byteOffset, 1)[0]).toBe(2.5);
});

test("the guard of a set gives members, and values without bytes", () => {
  using set = new MassTreeSet({ key: tuple("string", date) });
  set.add(["ann", new Date(0)]).add(["bob", new Date(5)]);
  const guard = set.pin();
  const there = guard.get(["ann", new Date(0)])!;
  expect(there.length).toBe(0);
  expect(guard.get(["ann", new Date(1)])).toBe(undefined);
  const members: unknown[] = [];
  const { encode } = tuple("string", date);
  guard.scan({ prefix: ["bob"] }, (member, value) => {
    members.push(member.slice(), value.length);
  });
  const bytes = new Uint8Array(100);
  expect(members).toEqual([bytes.slice(0, encode(["bob", new Date(5)], bytes, 0)), 0]);
  expect(set.stats().guards.open).toBe(1);
  guard.dispose();
  expect(() => there.slice()).toThrow(TypeError);
  expect(set.stats().guards.open).toBe(0);
});
