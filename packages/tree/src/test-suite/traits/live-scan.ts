// Iterators of a map that changes meanwhile.
import fc from "fast-check";
import { assertSame, assertTrue, show } from "../assert.ts";
import type { Bench } from "../bench.ts";
import { ConformanceError } from "../error.ts";
import type { AnyMap } from "../map.ts";
import type { Trait } from "../method.ts";
import { failing } from "../shrink.ts";

/** A change of the map between two steps, to a key that does not stay. */
interface Change {
  readonly set: boolean;
  readonly key: number;
}

const KEYS = 900;
/** Every so many keys one stays throughout. */
const STAYS = 3;

export const liveScan: Trait = {
  name: "a scan",
  checks: {
    "gives each key that stays once, in order, whatever comes and goes": (bench) => {
      const keys = bench.keys(KEYS);
      const [value] = bench.values(1);
      const changes = fc.array(
        fc.array(fc.record({ set: fc.boolean(), key: fc.nat(KEYS - 1) }), { maxLength: 6 }),
        { minLength: 1, maxLength: 40 },
      );
      const cases = fc.tuple(changes, fc.boolean(), fc.boolean());
      // Each case is many steps: fewer than the usual number will do.
      const settings = { seed: bench.seed, runs: Math.ceil(0.6 * bench.runs) };
      const found = failing(cases, settings, ([rounds, reverse, full]) => {
        const map = bench.create();
        try {
          for (const key of keys.filter((_, i) => full || i % STAYS === 0)) map.set(key, value);
          scan(bench, map, { keys, value, rounds, reverse });
          bench.finishAll();
          return undefined;
        } catch (error) {
          return error instanceof Error ? error : new Error(String(error));
        } finally {
          bench.abandon();
        }
      });
      if (found !== undefined) throw found.failure;
    },
    "gives nothing that was never there": (bench) => {
      const { map, model } = bench.filled();
      for (const [key, value] of map) {
        assertTrue(model.has(key), `a scan gave ${show(key)}, which nobody has set`);
        assertSame(value, model.get(key), "the value that a scan gave");
        map.delete(key);
      }
      assertSame(map.size, 0, "size, after a loop that deleted what it was given");
    },
  },
};

function scan(
  { kind }: Bench,
  map: AnyMap,
  given: {
    keys: readonly unknown[];
    value: unknown;
    rounds: readonly (readonly Change[])[];
    reverse: boolean;
  },
): void {
  const { keys, value, rounds, reverse } = given;
  const seen: unknown[] = [];
  for (const key of map.keys({ reverse })) {
    const last = seen.at(-1);
    if (seen.length > 0 && kind.compare(last, key) * (reverse ? -1 : 1) >= 0) {
      throw new ConformanceError(`a scan gave ${show(key)} after ${show(last)}`, { actual: key });
    }
    seen.push(key);
    for (const change of rounds[seen.length % rounds.length]!) {
      if (change.key % STAYS === 0) continue;
      if (change.set) map.set(keys[change.key], value);
      else map.delete(keys[change.key]);
    }
  }
  const staying = keys.filter((_, i) => i % STAYS === 0);
  // Both are in order: those that stay are what is left of `seen` without the others.
  let at = 0;
  for (const key of reverse ? staying.reverse() : staying) {
    while (at < seen.length && kind.compare(seen[at], key) !== 0) at++;
    assertTrue(at < seen.length, `a scan did not give ${show(key)}, which stayed`);
  }
}
