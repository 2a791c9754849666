import { assertSame, assertTrue, codeOf, describeError } from "../assert.ts";
import { ConformanceError } from "../error.ts";
import type { AnyMap } from "../map.ts";
import { able, type Trait, when } from "../method.ts";

/** Waits of this time have to end otherwise. */
const timeout = 20_000;

export const waitFor: Trait = {
  name: "waitFor",
  needs: ["wait"],
  checks: {
    "gives what is there": async (bench) => {
      const { map, model, present } = bench.filled();
      const found = await Promise.all(present.map((key) => map.waitFor!(key)));
      const wanted = present.map((key) => model.get(key));
      assertSame(found, wanted, "waitFor");
    },
    "gives what is set later, by any way to set it": async (bench) => {
      const { map, absent } = bench.filled();
      const [value] = bench.values(1);
      const waits = absent.map((key) => map.waitFor!(key, { timeout }));
      for (const [i, key] of absent.entries()) {
        const set = setters(map)[i % setters(map).length]!;
        set(key, value);
      }
      const found = await Promise.all(waits);
      const wanted = absent.map(() => value);
      assertSame(found, wanted, "waitFor");
    },
    "passes over what 'until' does not want, and what is removed": async (bench) => {
      const { map, present } = bench.filled();
      const [key] = present;
      const [wanted] = bench.values(present.length + 1).slice(-1);
      let isTime = false;
      const wait = map.waitFor!(key, { until: () => isTime, timeout });
      map.delete(key);
      await turn();
      isTime = true;
      map.set(key, wanted);
      assertSame(await wait, wanted, "waitFor");
    },
    "is rejected when its time has passed, or its signal says so": async (bench) => {
      const { map, absent } = bench.filled();
      await assertRejects(map.waitFor!(absent[0], { timeout: 0 }), bench.codes.timeout);
      await assertRejects(map.waitFor!(absent[0], { timeout: 5 }), bench.codes.timeout);
      const controller = new AbortController();
      const { signal } = controller;
      const wait = map.waitFor!(absent[0], { signal, timeout });
      const reason = new Error("enough");
      controller.abort(reason);
      const what = "waitFor must be rejected with the signal's reason";
      assertTrue((await errorOf(wait)) === reason, what);
      assertTrue((await errorOf(map.waitFor!(absent[0], { signal }))) === reason, what);
    },
    "is rejected with what 'until' throws, and for wrong options": async (bench) => {
      const { map, present } = bench.filled();
      const thrown = new Error("thrown by until");
      const until = () => {
        throw thrown;
      };
      const error = await errorOf(map.waitFor!(present[0], { until }));
      assertTrue(error === thrown, "waitFor must be rejected with what 'until' throws");
      for (const wrong of [null, { timeout: Number.NaN }, { signal: {} }, { unitl: until }]) {
        await assertRejects(map.waitFor!(present[0], wrong as never), bench.codes.badOption);
      }
    },
    "is rejected when the map is closed": when(able("close"), async (bench) => {
      const { map, absent } = bench.filled();
      const waits = absent.map((key) => map.waitFor!(key));
      bench.finish(map);
      for (const wait of waits) await assertRejects(wait, bench.codes.closed);
      await assertRejects(map.waitFor!(absent[0]), bench.codes.closed);
    }),
  },
};

function setters(map: AnyMap): ((key: unknown, value: unknown) => unknown)[] {
  return [
    (key, value) => map.set(key, value),
    (key, value) => map.setIfAbsent?.(key, value) ?? map.set(key, value),
    (key, value) => map.update?.(key, () => value) ?? map.set(key, value),
    (key, value) => map.setMany?.([[key, value]]) ?? map.set(key, value),
  ];
}

/** Lets other jobs run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new ConformanceError("waitFor must be rejected", { actual: value });
}

async function assertRejects(promise: Promise<unknown>, code: string): Promise<void> {
  const error = await errorOf(promise);
  if (codeOf(error) === code) return;
  throw new ConformanceError(`waitFor must be rejected with ${code}, not ${describeError(error)}`, {
    cause: error,
  });
}
