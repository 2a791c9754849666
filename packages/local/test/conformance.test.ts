// The suite that every map must pass.
import {
  bigintKeys,
  bytesKeys,
  type KeyKind,
  type MapCheck,
  mapChecks,
  numberKeys,
  orderedMapMethods,
  stringKeys,
  type ValueKind,
} from "@masstree/tree/test-suite";
import { runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, test } from "vitest";
import { LocalMassTree } from "../src/index.ts";

type AnyMap = LocalMassTree<unknown, string>;

const values: ValueKind<unknown> = {
  arbitrary: fc.anything({ withBigInt: true }).filter((value) => value !== undefined),
  refused: [undefined],
  // Kept by reference.
  equal: Object.is,
};
const kinds = [stringKeys, bytesKeys, numberKeys, bigintKeys] as unknown as KeyKind<string>[];

function checksOf(keys: KeyKind<string>): readonly MapCheck[] {
  const create = (more: object = {}): AnyMap =>
    new LocalMassTree<unknown, string>({ key: keys.name, ...more } as never);
  return mapChecks<string, unknown, AnyMap>({
    create,
    keys,
    values,
    capabilities: {
      ...orderedMapMethods,
      // One thread would wait for itself.
      wait: false,
      // Its values are not bytes.
      pin: false,
      verify: true,
      close: true,
      dispose: true,
      options: {
        create: (options): AnyMap => new LocalMassTree(options as never),
        refused: [null, 1, { value: "json" }, { key: "u32" }, { width: 5 }, []],
      },
      fromSorted: {
        create: (entries): AnyMap =>
          LocalMassTree.fromSorted(entries, { key: keys.name } as never) as unknown as AnyMap,
      },
      full: { create: () => create({ maxBytes: 2 ** 20 }) },
    },
    inspect: (map) => map.verify(),
    seed,
    runs: runs(10),
  });
}

describe.each(kinds)("$name keys", (kind) => {
  const checks = checksOf(kind);
  const isModel = ({ group }: MapCheck) => group === "model";
  test.each(kind.name === "string" ? checks : checks.filter(isModel))("$name", ({ run }) => run());
});
