// A write for which there is no memory: nothing has changed, and memory that is given back is used again.
import fc from "fast-check";
import { assertSame, assertTrue, codeOf } from "../assert.ts";
import type { Bench } from "../bench.ts";
import type { AnyMap } from "../map.ts";
import type { Trait } from "../method.ts";
import type { SortedModel } from "../model.ts";

/** More entries than a map of `capabilities.full` may hold. */
const TOO_MANY = 100_000;
const AT_ONCE = 1000;
/**
 * Writes that are refused before a map counts as full. One would not do: memory that is free may be in pieces, and the
 * first refusal is then that of a rare, large value.
 */
const REFUSALS = 50;
/** The share that counts as "as much". */
const AS_MUCH = 0.8;
/**
 * How often a map that was emptied may try. What is free may be in pieces, which differ from one filling to the next: of
 * 150 maps of 1 MiB, the unluckiest took 0.81 of what it had taken. A map that leaks has less room each time.
 */
const TRIES = 3;

export const full: Trait = {
  name: "full maps",
  needs: ["full"],
  checks: {
    "read and delete all that they have, and then take as much again": (bench) => {
      const map = bench.keep(bench.capabilities.full!.create());
      const model = bench.model();
      const before = fill(bench, map, model);
      assertTrue(before > 0, "a map of 'full' must hold at least one entry");
      bench.assertLike(map, model);
      for (const [key, value] of model.entries) assertSame(map.get(key), value, "get");
      assertFillsAgain(bench, map, model, "emptied", () => {
        for (const [key] of model.entries) assertSame(map.delete(key), true, "delete");
      });
    },
    "take as much again after clear": (bench) => {
      const map = bench.keep(bench.capabilities.full!.create());
      const model = bench.model();
      fill(bench, map, model);
      assertFillsAgain(bench, map, model, "cleared", () => map.clear());
    },
    "keep the old value when there is no room for a new one": (bench) => {
      const map = bench.keep(bench.capabilities.full!.create());
      const model = bench.model();
      fill(bench, map, model);
      const values = bench.values(AT_ONCE);
      const methods = bench.methods.filter(({ takes }) => takes.includes("value"));
      const keys = model.entries.slice(0, AT_ONCE).map(([key]) => key);
      for (const [i, key] of keys.entries()) {
        const given = { key, value: values[i], range: {} };
        const method = methods[i % methods.length]!;
        if (!isRefused(bench, () => method.call(map, given))) method.answer(model, given);
        assertSame(map.get(key), model.get(key), `get, after ${method.name} in a full map`);
      }
      bench.assertLike(map, model);
    },
  },
};

/** A full map takes as much again after `empty`, which removes all that it has. */
function assertFillsAgain(
  bench: Bench,
  map: AnyMap,
  model: SortedModel,
  emptied: string,
  empty: () => void,
): void {
  const before = model.entries.length;
  let after = 0;
  for (let left = TRIES; left > 0 && after < AS_MUCH * before; left--) {
    empty();
    model.entries = [];
    bench.assertLike(map, model);
    after = fill(bench, map, model);
    bench.assertLike(map, model);
  }
  assertTrue(
    after >= AS_MUCH * before,
    `a map that was full with ${before} entries and ${emptied} holds ${after}`,
  );
}

/** Sets entries until there is no room for more, in the map and its model; how many there are then. */
function fill(bench: Bench, map: AnyMap, model: SortedModel): number {
  const entry = fc.tuple(bench.kind.arbitrary, bench.valueKind.arbitrary);
  let refusals = 0;
  for (let round = 0; round * AT_ONCE < TOO_MANY; round++) {
    const drawn = fc.sample(entry, { seed: bench.seed + round, numRuns: AT_ONCE });
    for (const [key, value] of drawn) {
      if (isRefused(bench, () => map.set(key, value))) {
        assertSame(map.get(key), model.get(key), "get, of the key that was refused");
        if (++refusals === REFUSALS) return model.entries.length;
      } else model.set(key, value);
    }
  }
  assertTrue(false, `a map of 'full' must be full before ${TOO_MANY} entries are set`);
  return 0;
}

/** Whether a write is refused for want of memory. */
function isRefused(bench: Bench, write: () => unknown): boolean {
  try {
    write();
    return false;
  } catch (error) {
    if (codeOf(error) !== bench.codes.full) throw error;
    return true;
  }
}
