import { assertSame, assertThrowsCode } from "../assert.ts";
import type { Bench } from "../bench.ts";
import type { AnyMap } from "../map.ts";
import { type Arguments, able, type Trait, when } from "../method.ts";

export const closed: Trait = {
  name: "closed maps",
  needs: ["close"],
  checks: {
    "refuse every method, and may be closed again": (bench) => {
      const { map } = closedMap(bench);
      const [key] = bench.keys(1);
      const [value] = bench.values(1);
      refuse(bench, map, { key, value, range: {} });
      for (const [name, use] of uses(bench)) {
        assertThrowsCode(() => use(map), bench.codes.closed, `${name}, of a closed map,`);
      }
      map.close!();
    },
    "say so before they look at what they are given": (bench) => {
      const { map } = closedMap(bench);
      const bad = Symbol("neither a key nor a value nor a range");
      refuse(bench, map, { key: bad, value: bad, range: bad as never });
      const { closed } = bench.codes;
      assertThrowsCode(() => map.forEach(5 as never), closed, "forEach(5), of a closed map,");
    },
    "leave the map to those that have it open": when(able("handle"), (bench) => {
      const { map, model, absent } = bench.filled();
      const other = bench.attach(map);
      bench.forget(other);
      other.close!();
      bench.assertLike(map, model);
      const [value] = bench.values(1);
      map.set(absent[0], value);
      model.set(absent[0], value);
      bench.assertLike(map, model);
    }),
    "may be many, of one job": (bench) => {
      for (let round = 0; round < 30; round++) {
        const map = bench.create();
        assertSame(map.size, 0, "size");
        bench.finish(map);
      }
    },
  },
};

function closedMap(bench: Bench): { map: AnyMap } {
  const { map } = bench.filled();
  bench.finish(map);
  return { map };
}

function refuse(bench: Bench, map: AnyMap, given: Arguments): void {
  for (const { name, call } of bench.methods) {
    assertThrowsCode(() => call(map, given), bench.codes.closed, `${name}, of a closed map,`);
  }
}

/** Members that are no methods of the random checks. */
function uses({ capabilities }: Bench): [name: string, use: (map: AnyMap) => unknown][] {
  const all: [name: string, declared: boolean, use: (map: AnyMap) => unknown][] = [
    ["verify", Boolean(capabilities.verify), (map) => map.verify!()],
    ["handle", Boolean(capabilities.handle), (map) => map.handle],
    ["participant", Boolean(capabilities.release), (map) => map.participant],
    ["release", Boolean(capabilities.release), (map) => map.release!(2)],
  ];
  return all.flatMap(([name, declared, use]) => (declared ? [[name, use]] : []));
}
