// Every peer at every workload, in one thread, and the checks that every sample goes through.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KeySet, makeKeySet } from "../src/bench/keys/key-set.ts";
import { nativeMap } from "../src/bench/peers/map.ts";
import type { Key, Peer, PeerMap } from "../src/bench/peers/peer.ts";
import { loadPeer, missing, peerNames } from "../src/bench/peers/registry.ts";
import { sortedMap } from "../src/bench/peers/sorted-map.ts";
import { reasonAgainst, tasksOf } from "../src/bench/plan.ts";
import type { Task } from "../src/bench/thread/held-map.ts";
import { Member } from "../src/bench/thread/member.ts";
import { churn, fill, memory } from "../src/bench/thread/special.ts";
import { workloadNames, workloadOf } from "../src/bench/workloads.ts";
import { Board } from "../src/threads/board.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "masstree-member-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const workers = new URL("../dist/", import.meta.url).href;
const [set, small] = (await Promise.all(
  [300, 60].map((size) => makeKeySet({ kind: "hex16", size, seed: 1, root: "" })),
)) as [KeySet, KeySet];

function memberOf(peer: Peer, over = set): Member {
  const own = mkdtempSync(join(directory, "map-"));
  const board = new Board(1);
  // Collecting would take most of the time.
  const collect = (): void => {};
  return new Member({
    collect,
    peer,
    set: over,
    seed: 1,
    thread: 0,
    board,
    directory: own,
    workers,
    trace: undefined,
  });
}

/** One sample, as a team takes it with one thread. */
async function sample(member: Member, task: Task): Promise<number> {
  const { shape } = workloadOf(task.workload);
  await member.prepare(task);
  if (shape.kind === "special") {
    if (shape.what === "memory") {
      const { heap, shared } = await memory(member);
      return heap + shared;
    }
    const stalls = shape.what === "fill" ? await fill(member) : await churn(member, 1);
    return stalls.rate;
  }
  const timed = shape.kind === "pass" && shape.pass !== "load";
  const done =
    shape.kind === "steady" ? await member.steady(task, 1) : await member.pass(task, timed);
  if (shape.kind === "steady") await member.latencies(task, 1, 10_000);
  await member.shrink();
  await member.check(task, 0, member.takeIncrements());
  return done.operations;
}

describe.each(peerNames)("%s", (name) => {
  it("does every workload that it can", async () => {
    const peer = await loadPeer(name);
    if ((await missing(peer)) !== undefined) return;
    const member = memberOf(peer, small);
    const tasks = tasksOf({ workloads: workloadNames, threads: [1], choices: [] });
    for (const task of tasks) {
      const { shape } = workloadOf(task.workload);
      // These take a second thread; see bench-run.test.ts.
      const alone = shape.kind !== "special" || (shape.what !== "wake" && shape.what !== "open");
      if (!alone || reasonAgainst(peer, task, small) !== undefined) continue;
      expect([task.workload, await sample(member, task)]).toEqual([
        task.workload,
        expect.any(Number),
      ]);
    }
    await member.release();
  });
});

describe("a sample is refused", () => {
  /** A Map with one planted mistake. */
  const broken = (
    change: (map: PeerMap, original: PeerMap) => Partial<PeerMap>,
    from = nativeMap,
  ): Peer => ({
    ...from,
    async create(place) {
      const original = await from.create(place);
      const map: PeerMap = Object.create(original);
      return Object.assign(map, bound(original), change(map, original));
    },
  });
  /** The methods of an object, to be called on any object. */
  const bound = (original: PeerMap): Partial<PeerMap> =>
    Object.fromEntries(
      [
        "size",
        "get",
        "set",
        "delete",
        "setIfAbsent",
        "increment",
        "modify",
        "entries",
        "forEach",
        "range",
      ]
        .filter((name) => name in original)
        .map((name) => [
          name,
          (original as never as Record<string, (...args: unknown[]) => unknown>)[name]!.bind(
            original,
          ),
        ]),
    );
  const run = (peer: Peer, workload: string) =>
    sample(memberOf(peer), { workload, threads: 1, choice: workloadOf(workload).choices[0] });

  it("because a key was lost", async () => {
    let sets = 0;
    const forgetful = broken((_, original) => ({
      set: (key: Key, value: unknown) => (++sets === 99 ? undefined : original.set(key, value)),
    }));
    await expect(run(forgetful, "get")).rejects.toThrow(/met \d+ entries instead of \d+/);
  });

  it("because an update was lost for good", async () => {
    const stubborn = broken((_, original) => ({
      delete: () => false,
      size: () => original.size(),
    }));
    await expect(run(stubborn, "remove")).rejects.toThrow("it has 300 entries instead of 0");
  });

  it("because a value is at the wrong key", async () => {
    let last: unknown;
    const late = broken((_, original) => ({
      set: (key: Key, value: unknown) => {
        original.set(key, last ?? value);
        last = value;
      },
    }));
    await expect(run(late, "insert")).rejects.toThrow(/has the value \d+/);
  });

  it("because an absent key is found", async () => {
    const generous = broken((_, original) => ({ get: (key: Key) => original.get(key) ?? 7 }));
    await expect(run(generous, "get-miss")).rejects.toThrow(/entries instead of 0/);
    await expect(run(generous, "update")).rejects.toThrow(/which was never set, or removed/);
  });

  it("because a scan ends early", async () => {
    const short = broken(
      (_, original) => ({
        *entries() {
          let left = 299;
          for (const entry of original.entries!() as Iterable<unknown>) if (left-- > 0) yield entry;
        },
      }),
      sortedMap,
    );
    await expect(run(short, "scan")).rejects.toThrow(/met \d+ entries instead of \d+/);
  });

  it("because a scan is out of order", async () => {
    const shuffled = broken(
      (_, original) => ({
        range: (query) => [...(original.range!(query) as Iterable<unknown>)].reverse(),
      }),
      sortedMap,
    );
    await expect(run(shuffled, "update")).rejects.toThrow(/a scan has .* where .* is due/);
  });

  it("because increments were lost", async () => {
    let calls = 0;
    const lossy = broken((_, original) => ({
      increment: (key: Key) => (++calls % 2 === 0 ? undefined : original.increment!(key)),
    }));
    await expect(run(lossy, "add")).rejects.toThrow(/counters add up to \d+ after \d+ increments/);
  });
});
