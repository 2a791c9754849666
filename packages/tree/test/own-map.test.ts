// A class of maps that is not this project's: what a package on the tree may do, and what it is kept from.
import { describe, expect, test } from "vitest";
import {
  attachMap,
  checkedHandle,
  createMap,
  type MapKind,
  OrderedMap,
  treeModules,
  type WordCodec,
  type WordTreeExports,
  WordValues,
} from "../src/index.ts";

const kind: MapKind<"date"> = {
  className: "DateMap",
  modules: treeModules,
  valueNumbers: { date: 1001 },
};
const dates: WordCodec<Date> = {
  write: (views, index, date) => {
    views.f64[index] = date.getTime();
  },
  read: (views, index) => new Date(views.f64[index]!),
};

/** Dates by keys, whose codec says of every key that it is this long. */
class DateMap extends OrderedMap<string, Date> {
  constructor(options: object = {}, length?: number) {
    const opened = createMap<string, "date", WordTreeExports>(kind, options, "date");
    const codec = { ...opened.codec, encode: () => length! };
    const values = new WordValues(opened.tree, dates);
    super({ ...opened, ...(length === undefined ? {} : { codec }), values });
  }
}

describe("a class of your own", () => {
  test("names itself in handles, which only it accepts", () => {
    const map = new DateMap();
    expect(map.set("epoch", new Date(0)).get("epoch")).toEqual(new Date(0));
    expect([...map.values()]).toEqual([new Date(0)]);
    expect(String(map)).toBe("[object DateMap]");
    const { tree } = attachMap(kind, checkedHandle(kind, structuredClone(map.handle)));
    tree.close();
    const other = { ...kind, className: "OtherMap" };
    expect(() => checkedHandle(other, map.handle)).toThrow(
      "This handle is for the class DateMap. Open it with DateMap.attach(handle).",
    );
    map.verify();
    map.close();
  });

  test.each([-1, 65537, 2 ** 32 - 1])("cannot pass a key of %i bytes to the tree", (length) => {
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
