// The adapters of the benchmark against a naive model: a Map, and a sorted array where order counts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { comparisonFor } from "../src/bench/peers/order.ts";
import {
  capabilities,
  type Entries,
  type Key,
  type KeyType,
  type MapPlace,
  type Peer,
  type PeerMap,
  pairOf,
  type Query,
} from "../src/bench/peers/peer.ts";
import { loadPeer, missing, peerNames } from "../src/bench/peers/registry.ts";

const workers = new URL("../dist/", import.meta.url).href;
let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "masstree-peers-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const unit = fc.constantFrom("a", "b", "/", "é", "\ud7ff", "\uffff", "😀");
const keysOf: Record<KeyType, fc.Arbitrary<Key>> = {
  // No empty string: SharedMap takes it for a free place.
  string: fc.string({ unit, minLength: 1, maxLength: 4 }),
  number: fc.integer({ min: -20, max: 20 }),
  bytes: fc.uint8Array({ minLength: 1, maxLength: 2, max: 4 }),
  tuple: fc.tuple(fc.constantFrom("a", "b", "ab"), fc.integer({ min: 0, max: 5 })),
};

type Command =
  | readonly ["set" | "get" | "delete" | "setIfAbsent" | "increment" | "modify", Key, number]
  | readonly ["getMany", readonly Key[], number];

const commandsOf = (key: fc.Arbitrary<Key>): fc.Arbitrary<Command[]> => {
  const number = fc.integer({ min: 0, max: 2 ** 31 - 2 });
  const names = ["set", "set", "get", "delete", "setIfAbsent", "increment", "modify"] as const;
  return fc.array(
    fc.oneof(
      { weight: 9, arbitrary: fc.tuple(fc.constantFrom(...names), key, number) },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constant("getMany" as const), fc.array(key), fc.constant(0)),
      },
    ),
    { maxLength: 60 },
  );
};

const queriesOf = (type: KeyType, key: fc.Arbitrary<Key>): fc.Arbitrary<Query> => {
  const limit = fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined });
  const all = fc.record({ limit });
  const bounded = fc.record({ from: key, reverse: fc.boolean(), limit });
  const prefixed = fc.record({ prefix: fc.string({ unit, maxLength: 2 }), limit });
  const queries = type === "string" ? [all, bounded, prefixed] : [all, bounded];
  return fc.oneof(...queries) as fc.Arbitrary<Query>;
};

/** Keys of equal contents are one string. */
const named = (key: Key): string =>
  key instanceof Uint8Array ? `bytes ${[...key]}` : JSON.stringify(key);

async function listed(peer: Peer, entries: Entries, limit = Infinity) {
  const all: [Key, number][] = [];
  for await (const entry of entries) {
    if (all.length >= limit) break;
    const [key, value] = pairOf(peer, entry);
    all.push([key, peer.numberOf(value)]);
  }
  return all;
}

class Model {
  readonly entries = new Map<string, [Key, number]>();
  readonly #sorted: (a: Key, b: Key) => number;

  constructor(type: KeyType) {
    this.#sorted = comparisonFor({ type, size: 0, longestKey: 0, ascii: false });
  }

  value(key: Key): number | undefined {
    return this.entries.get(named(key))?.[1];
  }

  set(key: Key, number: number): void {
    this.entries.set(named(key), [key, number]);
  }

  range({ from, reverse = false, prefix, limit = Infinity }: Query): [Key, number][] {
    const all = [...this.entries.values()].sort(([a], [b]) => this.#sorted(a, b));
    if (reverse) all.reverse();
    const inRange = (key: Key): boolean => {
      if (prefix !== undefined) return (key as string).startsWith(prefix);
      if (from === undefined) return true;
      return reverse ? this.#sorted(key, from) <= 0 : this.#sorted(key, from) >= 0;
    };
    return all.filter(([key]) => inRange(key)).slice(0, limit);
  }
}

/** Does what the command says to both, if the peer can, and compares the answers. */
async function step(peer: Peer, map: PeerMap, model: Model, command: Command): Promise<void> {
  const number = (value: unknown) => (value === undefined ? undefined : peer.numberOf(value));
  const [name, key, given] = command;
  if (name === "getMany") {
    if (map.getMany === undefined) return;
    const found = Array.from(await map.getMany(key), number);
    expect(found).toEqual(key.map((each) => model.value(each)));
    return;
  }
  const before = model.value(key);
  switch (name) {
    case "get":
      expect(number(await map.get(key))).toBe(before);
      return;
    case "set":
      await map.set(key, peer.value(given));
      return model.set(key, given);
    case "delete":
      if (before === undefined) return;
      await map.delete(key);
      model.entries.delete(named(key));
      return;
    case "setIfAbsent":
      if (map.setIfAbsent === undefined) return;
      expect(await map.setIfAbsent(key, peer.value(given))).toBe(before === undefined);
      if (before === undefined) model.set(key, given);
      return;
    case "increment":
      if (map.increment === undefined || before === undefined) return;
      await map.increment(key);
      return model.set(key, before + 1);
    case "modify":
      if (map.modify === undefined || before === undefined) return;
      await map.modify(key, peer.value(given));
      return model.set(key, given);
  }
}

async function compare(peer: Peer, map: PeerMap, model: Model, queries: Query[]): Promise<void> {
  expect(await map.size()).toBe(model.entries.size);
  for (const [key, number] of model.entries.values()) {
    expect(peer.numberOf(await map.get(key))).toBe(number);
  }
  const byName = (entries: [Key, number][]) =>
    Object.fromEntries(entries.map(([key, number]) => [named(key), number]));
  if (map.entries !== undefined) {
    const found = await listed(peer, await map.entries());
    expect(found).toHaveLength(model.entries.size);
    expect(byName(found)).toEqual(byName([...model.entries.values()]));
  }
  if (map.forEach !== undefined) expect(map.forEach()).toBe(model.entries.size);
  if (map.range === undefined) return;
  for (const query of queries) {
    const found = await listed(peer, await map.range(query), query.limit);
    expect(found.map(([key, number]) => [named(key), number])).toEqual(
      model.range(query).map(([key, number]) => [named(key), number]),
    );
  }
}

const types = ["string", "number", "bytes", "tuple"] as const;
const facts = (type: KeyType) => ({ type, size: 1000, longestKey: 8, ascii: false });
const placeOf = (type: KeyType): MapPlace => {
  const own = mkdtempSync(join(directory, "map-"));
  return { ...facts(type), directory: own, workers };
};

describe.each(peerNames)("%s", (name) => {
  it("has each capability, or says why not", async () => {
    const peer = await loadPeer(name);
    const type = peer.refuses?.(facts("string")) === undefined ? "string" : "number";
    if ((await missing(peer)) !== undefined) return;
    const map = await peer.create(placeOf(type));
    for (const capability of capabilities) {
      const has = {
        load: peer.load !== undefined,
        open: peer.attach !== undefined && map.handle !== undefined,
        share: peer.attach !== undefined && map.handle !== undefined,
        shareReading: peer.attach !== undefined && map.handle !== undefined,
      };
      const can = capability in has ? has[capability as "load"] : capability in map;
      // A reason may forbid what a method would allow, such as sharing a map that has no locks.
      if (!can)
        expect([capability, peer.cannot[capability]]).toEqual([capability, expect.any(String)]);
      else if (!(capability in has))
        expect([capability, peer.cannot[capability]]).toEqual([capability, undefined]);
    }
    await map.close?.();
  });

  it.each(types)("answers like a model, with keys of type %s", async (type) => {
    const peer = await loadPeer(name);
    // A package that does not run here has its reason in the report.
    if ((await missing(peer)) !== undefined || peer.refuses?.(facts(type)) !== undefined) return;
    const key = keysOf[type];
    await fc.assert(
      fc.asyncProperty(
        commandsOf(key),
        fc.array(queriesOf(type, key), { maxLength: 5 }),
        async (commands, queries) => {
          const map = await peer.create(placeOf(type));
          const model = new Model(type);
          try {
            for (const command of commands) await step(peer, map, model, command);
            await compare(peer, map, model, queries);
          } finally {
            await map.close?.();
          }
        },
      ),
      { numRuns: runs(20) },
    );
  });

  it("loads sorted entries", async () => {
    const peer = await loadPeer(name);
    if ((await missing(peer)) !== undefined || peer.load === undefined) return;
    const keys = Array.from({ length: 300 }, (_, i) => `key ${String(i).padStart(4, "0")}`);
    const model = new Model("string");
    for (const [i, key] of keys.entries()) model.set(key, i);
    const map = await peer.load(
      placeOf("string"),
      keys,
      keys.map((_, i) => peer.value(i)),
    );
    await compare(peer, map, model, [{}, { from: "key 01", limit: 7 }, { prefix: "key 02" }]);
    await map.close?.();
  });

  it("gives values back by their numbers", async () => {
    const { value, numberOf } = await loadPeer(name);
    for (const number of [0, 1, 123_456, 2 ** 31 - 1]) expect(numberOf(value(number))).toBe(number);
  });
});
