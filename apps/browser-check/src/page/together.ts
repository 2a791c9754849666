/* Checks that the page and several workers can use one map at the same time. */
import { MassTree } from "masstree";
import type { Entry } from "./plan.ts";
import { acquainted, assert, numbers, Thread, threadLocks, until } from "./thread.ts";

export async function writeTogether(): Promise<string> {
  const map = new MassTree<Entry>();
  const workers = await Promise.all(Array.from({ length: 4 }, () => Thread.attached(map.handle)));
  const each = 20_000;
  const filled = Promise.all(workers.map(({ thread }, i) => thread.call("fill", `w${i}`, each)));
  let running = true;
  filled.finally(() => (running = false)).catch(() => {});
  let written = 0;
  for (; running; written++) {
    map.set(`page/${written}`, { step: written, text: "" });
    assert(map.get(`page/${written >> 1}`)?.step === written >> 1, `page/${written >> 1} is lost`);
    if (written % 100 === 0) await new Promise((resolve) => setTimeout(resolve));
  }
  for (const count of await filled)
    assert(count === each, `a scan found ${count} of ${each} entries`);
  assert(map.size === 4 * each + written, `the size is ${map.size}, not ${4 * each + written}`);
  let last = "";
  for (const key of map.keys()) {
    assert(key > last, `${key} came after ${last}`);
    last = key;
  }
  map.verify();
  await Promise.all(workers.map(({ thread }) => thread.call("close")));
  assert(String(numbers(map)) === "1", `the participants are ${numbers(map)}, not 1`);
  for (const { thread } of workers) thread.terminate();
  map.close();
  return `${written} entries by the page, ${4 * each} by workers`;
}

export async function locksComeAndGo(): Promise<void> {
  const map = new MassTree<Entry>();
  const workers = await Promise.all([0, 1, 2].map(() => Thread.attached(map.handle)));
  await acquainted(4);
  for (const { thread } of workers) await thread.call("close");
  await until("one lock", async () => {
    const { held, awaited } = await threadLocks();
    return held === 1 && awaited === 0;
  });
  // A worker that has closed its map has not ended: it can attach again.
  for (const { thread } of workers) await thread.call("attach", map.handle);
  await acquainted(4);
  for (const { thread } of workers)
    assert((await thread.call("fill", "again", 100)) === 100, "entries are lost");
  for (const { thread } of workers) await thread.call("close");
  for (const { thread } of workers) thread.terminate();
  map.close();
  await until("no lock", async () => (await threadLocks()).held === 0);
}
