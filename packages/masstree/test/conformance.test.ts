// The suite that every map must pass, with each value codec and each kind of key.
import "./debug.ts";
import { type MapHandle, verify } from "@masstree/tree";
import {
  bigintKeys,
  bytesKeys,
  type KeyKind,
  type MapCheck,
  mapChecks,
  numberKeys,
  orderedMapMethods,
  stringKeys,
} from "@masstree/tree/test-suite";
import { isFull, runs, seed } from "@tooling/vitest/random";
import { describe, test } from "vitest";
import { type KeyType, MassTree } from "../src/index.ts";
import { valueKinds } from "./value-kinds.ts";

type AnyMap = MassTree<unknown, KeyType>;

const kinds = [stringKeys, bytesKeys, numberKeys, bigintKeys] as unknown as KeyKind<KeyType>[];
const names = Object.keys(valueKinds) as (keyof typeof valueKinds)[];

function checksOf(
  keys: KeyKind<KeyType>,
  name: keyof typeof valueKinds,
  width: number,
): readonly MapCheck[] {
  const { value, ...values } = valueKinds[name];
  const create = (more: object = {}): AnyMap =>
    new MassTree<unknown, KeyType>({ key: keys.name, value, width, ...more } as never);
  const attachOptions = typeof value === "object" ? { value } : {};
  return mapChecks<KeyType, unknown, AnyMap>({
    create,
    keys,
    values,
    capabilities: {
      ...orderedMapMethods,
      verify: true,
      close: true,
      dispose: true,
      release: true,
      handle: { attach: (handle) => MassTree.attach(handle as MapHandle, attachOptions as never) },
      options: {
        create: (options) => new MassTree(options as never) as AnyMap,
        refused: [null, [], { vaule: "json" }, { value: "f64" }, { value: { encode() {} } }],
      },
      fromSorted: {
        create: (entries): AnyMap =>
          MassTree.fromSorted(entries, {
            key: keys.name,
            value,
            width,
          } as never) as unknown as AnyMap,
      },
      full: { create: () => create({ maxBytes: 2 ** 20 }) },
    },
    inspect: verify,
    seed,
    runs: runs(2, 10),
  });
}

const isModel = ({ group }: MapCheck) => group === "model";

// These are codecs like any other to the tree, so one kind of key will do.
const added: (keyof typeof valueKinds)[] = ["structured", "msgpack", "compressed"];

describe.each(added)("%s values:", (value) => {
  const checks = checksOf(kinds[0]!, value, 15);
  test.each(checks.filter(({ group }) => group !== "full maps"))("$name", ({ run }) => run());
});

describe.each(kinds)("$name keys", (kind) => {
  describe.each(names.filter((name) => !added.includes(name)))("%s values:", (value) => {
    // Each kind of key with one codec, and the other way round: they do not depend on each other.
    const checks = checksOf(kind, value, 15);
    const all = isFull
      ? kind.name === "string" || value === "json"
      : kinds.indexOf(kind) === names.indexOf(value);
    test.each(all ? checks : checks.filter(isModel))("$name", ({ run }) => run());

    test.each(isFull || all ? [3, 4, 7, 24] : [])("width %i: as a sorted array", async (width) => {
      for (const { run } of checksOf(kind, value, width).filter(isModel)) await run();
    });
  });
});
