// A learned map and a learned set are saved and loaded as those of the tree are.
import { load, type Savable, save } from "@masstree/tree/save";
import { random, runs } from "@tooling/vitest/random";
import { beforeAll, expect, test } from "vitest";
import { LearnedMap, LearnedSet } from "../src/index.ts";
import { useBuild } from "./builds.ts";
import { distributions } from "./distributions.ts";

beforeAll(() => useBuild("debug"));

async function savedBytes(map: Savable): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  await save(map, new WritableStream({ write: (chunk) => void chunks.push(chunk.slice()) }));
  return chunks;
}

test.each(Object.keys(distributions))("keys as of %s are loaded as they were", async (name) => {
  const draw = random(1);
  const map = new LearnedMap({ key: "bigint" });
  const set = new LearnedSet({ key: "bigint" });
  for (const [i, key] of distributions[name]!(runs(2000), draw).entries()) {
    map.set(key, i);
    set.add(key);
  }
  const sameMap = await load(LearnedMap<number, bigint>, await savedBytes(map));
  sameMap.verify();
  expect([...sameMap]).toEqual([...map]);
  const sameSet = await load(LearnedSet<bigint>, await savedBytes(set));
  sameSet.verify();
  expect([...sameSet]).toEqual([...set]);
  for (const each of [map, set, sameMap, sameSet]) each.close();
});

test("a file of one class is refused by another", async () => {
  const map = new LearnedMap();
  map.set(1, 2);
  const refused = load(LearnedSet<number>, await savedBytes(map));
  await expect(refused).rejects.toMatchObject({ code: "MASSTREE_BAD_FILE" });
  map.close();
});
