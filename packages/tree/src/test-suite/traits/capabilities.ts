// The declaration is complete: what a map has and the class does not declare would not be tested.
import { ConformanceError } from "../error.ts";
import type { AnyMap } from "../map.ts";
import type { Trait } from "../method.ts";
import { type MapCapabilities, orderedMapMethods } from "../subject.ts";
import { disposeOf } from "./dispose.ts";

/** The members of capabilities that are not called as the method is. */
const several: Partial<Record<keyof MapCapabilities<AnyMap>, readonly string[]>> = {
  neighbours: ["floor", "lower", "ceiling", "higher"],
  pop: ["popFirst", "popLast"],
  wait: ["waitFor", "waitForSync"],
  many: ["getMany", "hasMany", "setMany", "deleteMany"],
};
const methodNames = Object.keys(orderedMapMethods) as (keyof typeof orderedMapMethods)[];
const members: readonly (readonly [string, keyof MapCapabilities<AnyMap>])[] = [
  ...methodNames.flatMap((name) =>
    (several[name] ?? [name]).map((member) => [member, name] as const),
  ),
  ["verify", "verify"],
  ["close", "close"],
  ["handle", "handle"],
  ["participant", "release"],
  ["release", "release"],
];

export const capabilities: Trait = {
  name: "capabilities",
  checks: {
    "are declared as they are": (bench) => {
      const map = bench.create();
      for (const [member, capability] of members) {
        demand(member in map, Boolean(bench.capabilities[capability]), member, capability);
      }
      const disposes = disposeOf(map) !== undefined;
      demand(disposes, Boolean(bench.capabilities.dispose), "[Symbol.dispose]", "dispose");
    },
  },
};

function demand(actual: boolean, expected: boolean, member: string, capability: string): void {
  if (actual === expected) return;
  throw new ConformanceError(
    actual
      ? `The map has a member '${member}'. Declare the capability '${capability}', so that it is tested.`
      : `The capability '${capability}' is declared, and the map has no member '${member}'.`,
    { actual, expected },
  );
}
