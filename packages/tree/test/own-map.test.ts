// A class of maps that is not this project's: what a package on the tree may do, and what it is kept from.
import { describe, expect, test } from "vitest";
import {
  attachMap,
  checkedHandle,
  createMap,
  type MapKind,
  OrderedMap,
  type ScanValues,
  SetResult,
  treeModules,
  WORD_IN,
  WORD_OUT,
} from "../src/index.ts";

const kind: MapKind<"date"> = {
  className: "DateMap",
  modules: treeModules,
  valueNumbers: { date: 1001 },
};
const values: ScanValues<Date> = {
  pinned: false,
  keep: (_buffer, count) => count,
  read: (buffer, entry) => new Date(buffer.views.f64[(entry + 8) / 8]!),
};

/** Dates by keys, whose codec says of every key that it is this long. */
class DateMap extends OrderedMap<string, Date> {
  constructor(options: object = {}, length?: number) {
    const opened = createMap<string, "date">(kind, options, "date");
    const codec = { ...opened.codec, encode: () => length! };
    super({ ...opened, ...(length === undefined ? {} : { codec }), values });
  }

  get(key: string): Date | undefined {
    const { exports, result } = this.open();
    if (exports.get(this.encodeKey(key)) === 0) return undefined;
    return new Date(result.f64[WORD_OUT]!);
  }

  set(key: string, date: Date): this {
    const { exports, result } = this.open();
    const length = this.encodeKey(key);
    result.f64[WORD_IN] = date.getTime();
    expect(exports.set(length)).not.toBe(SetResult.full);
    return this;
  }
}

describe("a class of one's own", () => {
  test("names itself in handles, which go to it alone", () => {
    const map = new DateMap();
    expect(map.set("epoch", new Date(0)).get("epoch")).toEqual(new Date(0));
    expect([...map.values()]).toEqual([new Date(0)]);
    expect(String(map)).toBe("[object DateMap]");
    const { tree } = attachMap(kind, checkedHandle(kind, structuredClone(map.handle)));
    tree.close();
    const other = { ...kind, className: "OtherMap" };
    expect(() => checkedHandle(other, map.handle)).toThrow(
      "This handle is of a DateMap. Attach with DateMap.attach(handle).",
    );
    map.verify();
    map.close();
  });

  test.each([-1, 65537, 2 ** 32 - 1])("gets no key of %i bytes into the tree", (length) => {
    const map = new DateMap({}, length);
    const uses = [
      () => map.get("a"),
      () => map.set("a", new Date(0)),
      () => map.has("a"),
      () => map.delete("a"),
    ];
    for (const use of uses) {
      expect(use).toThrow(expect.objectContaining({ code: "MASSTREE_BAD_KEY" }));
    }
    expect(map.size).toBe(0);
    map.verify();
    map.close();
  });
});
