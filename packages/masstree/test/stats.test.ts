// Of `stats`, what only the published builds know, which ask the host for the time. The rest is tested
// in @masstree/tree.
import { setTimeout as sleep } from "node:timers/promises";
import { treeOf } from "@masstree/tree";
import { expect, test } from "vitest";
import { MassTree, MassTreeInline } from "../src/index.ts";

test.each([
  ["MassTree", () => new MassTree<number>(), MassTree.attach<number>],
  ["MassTreeInline", () => new MassTreeInline(), MassTreeInline.attach],
] as const)("a participant in others' way says for how long: %s", async (_, make, attach) => {
  const map = make();
  const other = attach(map.handle);
  const held = () => map.stats().participants.find(({ number }) => number === other.participant)!;
  function churn(): void {
    for (let i = 0; i < 5000; i++) map.set(`a key with a suffix ${i}`, i);
    map.clear();
  }
  const { exports } = treeOf(other);
  exports.pin();
  expect(held()).toMatchObject({ pinned: true, delays: 0, pinnedFor: 0 });
  const start = Date.now();
  churn();
  await sleep(20);
  const first = held().pinnedFor;
  expect(first).toBeGreaterThanOrEqual(20 - 1);
  expect(first).toBeLessThanOrEqual(Date.now() - start);
  churn();
  await sleep(20);
  expect(held().pinnedFor).toBeGreaterThanOrEqual(first + 20 - 1);
  exports.unpin();
  expect(held()).toMatchObject({ pinned: false, delays: 0, pinnedFor: 0 });
  other.close();
  map.verify();
  map.close();
});
