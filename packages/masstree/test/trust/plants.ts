// Faults on purpose: a map that does wrong once in a while, to see that the checks find it.
import type { MassTree } from "../../src/index.ts";
import type { Plant } from "./history-plan.ts";
import type { Value } from "./values.ts";

/** The calls that histories consist of. */
export type Recorded = Pick<
  MassTree<Value>,
  | "get"
  | "has"
  | "set"
  | "replace"
  | "exchange"
  | "setIfAbsent"
  | "getOrInsert"
  | "take"
  | "compareAndSet"
  | "update"
  | "delete"
  | "entries"
  | "close"
>;

/** The map itself, or one that makes a fault. */
export function plant(map: MassTree<Value>, fault: Plant | undefined): Recorded {
  return fault === undefined ? map : planted(map, fault);
}

function planted(map: MassTree<Value>, fault: Plant): Recorded {
  /** What each key was set to before it was set again by this thread. */
  const overwritten = new Map<string, Value>();
  const last = new Map<string, Value>();
  let isDone = false;
  const once = () => {
    const isFirst = !isDone;
    isDone = true;
    return isFirst;
  };
  return {
    get(key) {
      const stale = overwritten.get(key);
      if (fault === "stale get" && stale !== undefined && once()) return stale;
      const value = map.get(key);
      if (fault === "torn value" && typeof value === "object" && value.pad !== "" && once()) {
        return { v: value.v, pad: `${value.pad.slice(1)}?` };
      }
      return value;
    },
    has: (key) => map.has(key),
    set(key, value) {
      const before = last.get(key);
      if (before !== undefined) overwritten.set(key, before);
      last.set(key, value);
      if (fault === "forgotten set") return map;
      return map.set(key, value);
    },
    replace: (key, value) => map.replace(key, value),
    exchange(key, value) {
      const before = map.exchange(key, value);
      if (before !== undefined) overwritten.set(key, before);
      return before;
    },
    setIfAbsent(key, value) {
      if (fault !== "inserted over another") return map.setIfAbsent(key, value);
      return map.exchange(key, value) === undefined;
    },
    getOrInsert: (key, value) => map.getOrInsert(key, value),
    take(key) {
      const value = map.take(key);
      if (fault === "taken twice" && value !== undefined && once()) map.set(key, value);
      return value;
    },
    compareAndSet: (key, expected, next) => map.compareAndSet(key, expected, next),
    update(key, callback) {
      if (fault !== "lost update") return map.update(key, callback);
      return callback(map.get(key), key);
    },
    delete: (key) => map.delete(key),
    entries(range) {
      const found = [...map.entries(range)];
      if (fault === "lost in scan") found.shift();
      if (fault === "twice in scan" && found.length > 0) found.unshift(found[0]!);
      return found.values() as unknown as ReturnType<MassTree<Value>["entries"]>;
    },
    close: () => map.close(),
  };
}
