// Maintenance: what removals leave is put in order when there is time for it.
import "./debug.ts";
import { treeOf, verify } from "@masstree/tree";
import { describe, expect, test } from "vitest";
import { LocalMassTree, MassTree, MassTreeInline, MassTreeSet } from "../src/index.ts";

describe("maintain", () => {
  test("frees all that was removed, and removes empty leaves", () => {
    const map = new MassTreeInline();
    const empty = map.stats();
    for (let i = 0; i < 20_000; i++) map.set(`key ${i}`, i);
    for (let i = 0; i < 20_000; i++) map.delete(`key ${i}`);
    expect(map.maintain({ budgetMs: 10_000 })).toBe(false);
    const { leaves, internodes, layers, retiredBytes, liveBytes } = map.stats();
    expect({ leaves, internodes, layers, retiredBytes }).toEqual({
      leaves: 1,
      internodes: 0,
      layers: 1,
      retiredBytes: 0,
    });
    expect(liveBytes).toBeLessThanOrEqual(empty.liveBytes);
    verify(map);
    map.close();
  });

  test("goes on where a small budget ended", () => {
    const map = new MassTreeInline();
    for (let i = 0; i < 5000; i++) map.set(`key ${i}`, i);
    const other = MassTreeInline.attach(map.handle);
    const { exports } = treeOf(other);
    exports.pin();
    for (let i = 0; i < 5000; i++) map.delete(`key ${i}`);
    // Another thread may be reading what was removed.
    expect(map.maintain()).toBe(true);
    expect(map.stats().retiredBytes).toBeGreaterThan(0);
    exports.unpin();
    let steps = 0;
    while (map.maintain({ budgetMs: 0 })) expect(++steps).toBeLessThan(10_000);
    expect(map.stats().retiredBytes).toBe(0);
    verify(map);
    other.close();
    map.close();
  });

  test("gives free blocks back, so that others can have them", () => {
    const map = new MassTree({ value: "bytes", maxBytes: 2 ** 20 });
    const other = MassTree.attach<Uint8Array>(map.handle);
    const written: string[] = [];
    const fill = (value: Uint8Array) => {
      try {
        for (let i = 0; ; i++) {
          map.set(`${value.length}/${i}`, value);
          written.push(`${value.length}/${i}`);
        }
      } catch (error) {
        expect(error).toMatchObject({ code: "MASSTREE_FULL" });
      }
    };
    for (const size of [100, 500, 40, 900, 20]) fill(new Uint8Array(size));
    for (const key of written) map.delete(key);
    expect(map.maintain({ budgetMs: 10_000 })).toBe(false);
    const { committedBytes, overheadBytes, liveBytes } = map.stats();
    // All in one piece again, but for the pages of what is left.
    const free = committedBytes - overheadBytes - liveBytes;
    const large = new Uint8Array(free - 32_768);
    other.set("large", large);
    expect(other.get("large")?.length).toBe(large.length);
    verify(map);
    other.close();
    map.close();
  });

  test("is there for sets and local maps", () => {
    const set = new MassTreeSet<string>();
    const local = new LocalMassTree<object>();
    for (let i = 0; i < 1000; i++) {
      set.add(`${i}`);
      local.set(`${i}`, {});
    }
    for (let i = 0; i < 1000; i += 3) {
      set.delete(`${i}`);
      local.delete(`${i}`);
    }
    expect(set.maintain({ budgetMs: 1000 })).toBe(false);
    expect(local.maintain({ budgetMs: 1000 })).toBe(false);
    set.verify();
    local.verify();
    set.close();
    local.close();
  });

  test("refuses a closed map, also one that its options close", () => {
    const map = new MassTree();
    const closing = {
      get budgetMs() {
        map.close();
        return 1;
      },
    };
    const closed = expect.objectContaining({ code: "MASSTREE_CLOSED" });
    expect(() => map.maintain(closing)).toThrow(closed);
    expect(() => map.maintain()).toThrow(closed);
  });
});
