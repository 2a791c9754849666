// A thread that ends in the middle of an operation may hold no lock at all, only a pin: then nobody waits
// for it, and nobody may be left who hears of its end. But what the others retire cannot be freed.
import { describe, expect, test } from "vitest";
import type { WordTreeExports as TreeExports } from "../src/index.ts";
import { moduleOf } from "./support/build.ts";
import { utf8 } from "./support/bytes.ts";

const pages = 64;

describe.each([15, 24] as const)("width %i", (width) => {
  const module = moduleOf(width, true);
  const gone = new Set<number>();
  let asked = 0;
  let time = 1000;

  function enter(memory: WebAssembly.Memory, thread: number) {
    const host = {
      isGone: (number: number) => {
        asked++;
        return gone.has(number) ? 1 : 0;
      },
      now: () => time,
      tell: () => {},
    };
    const { exports } = new WebAssembly.Instance(module, { env: { memory }, host });
    const tree = exports as unknown as TreeExports & {
      create(maxPages: number, keyKind: number, valueKind: number): number;
    };
    if (thread === 1) expect(tree.create(pages, 0, 0)).toBe(0);
    expect(tree.attach(1, thread, 0)).toBe(0);
    return tree;
  }

  /** Inserts and removes keys, which retires their leaves' bags and the leaves. */
  function churn(tree: TreeExports, memory: WebAssembly.Memory, rounds: number): void {
    const scratch = new Uint8Array(memory.buffer, tree.keyScratch() >>> 0, 64);
    for (let round = 0; round < rounds; round++) {
      for (const operation of [(length: number) => tree.put(length, 0), tree.remove]) {
        for (let i = 0; i < 500; i++) {
          const key = utf8(`a key that takes some room ${i}`);
          scratch.set(key);
          expect(operation(key.length)).not.toBe(2);
        }
      }
    }
  }

  test("a participant that is gone is taken over from by whoever writes, before memory is full", () => {
    gone.clear();
    const memory = new WebAssembly.Memory({ initial: 16, maximum: pages, shared: true });
    const [living, other] = [enter(memory, 1), enter(memory, 2)];
    const number = other.participantNumber();
    other.pin();
    gone.add(number);
    churn(living, memory, 40);
    expect(living.stateOf(number)).toBe(0);
    expect(living.retiredBytes()).toBeLessThan(2 ** 20);
    living.clear();
    expect(living.quiesce()).toBe(1);
    expect(living.verify()).toBe(0);
  });

  test("one that lives is left alone, seldom asked for, and named by its delays and since when", () => {
    gone.clear();
    asked = 0;
    const memory = new WebAssembly.Memory({ initial: 16, maximum: pages, shared: true });
    const [living, other] = [enter(memory, 1), enter(memory, 2)];
    const number = other.participantNumber();
    churn(living, memory, 1);
    expect(living.delaysOf(number)).toBe(0);
    expect(living.delayedSinceOf(number)).toBe(0);
    other.pin();
    time = 2000;
    churn(living, memory, 2);
    const once = living.delaysOf(number);
    expect(once).toBeGreaterThan(0);
    expect(living.delayedSinceOf(number)).toBe(2000);
    time = 3000;
    churn(living, memory, 2);
    expect(living.delayedSinceOf(number)).toBe(2000);
    expect(living.delaysOf(number)).toBeGreaterThan(once);
    expect(asked).toBeLessThan(5000 / 8);
    expect(living.stateOf(number)).toBe(1);
    other.unpin();
    expect(living.delaysOf(number)).toBe(0);
    expect(living.delayedSinceOf(number)).toBe(0);
    other.pin();
    expect(living.delaysOf(number)).toBe(0);
    expect(living.delayedSinceOf(number)).toBe(0);
    churn(living, memory, 2);
    expect(living.delayedSinceOf(number)).toBe(3000);
    other.unpin();
    living.clear();
    expect(living.quiesce()).toBe(1);
    expect(living.verify()).toBe(0);
  });

  test("memory that is full is reclaimed from one that is gone", () => {
    gone.clear();
    const memory = new WebAssembly.Memory({ initial: 16, maximum: pages, shared: true });
    const [living, other] = [enter(memory, 1), enter(memory, 2)];
    const scratch = new Uint8Array(memory.buffer, living.keyScratch() >>> 0, 64);
    const set = (i: number): number => {
      const key = utf8(`a key that takes some room ${i}`);
      scratch.set(key);
      return living.put(key.length, 0);
    };
    let count = 0;
    while (set(count) !== 2) count++;
    other.pin();
    living.clear();
    gone.add(other.participantNumber());
    living.quiesce();
    expect(living.stateOf(other.participantNumber())).toBe(0);
    for (let i = 0; i < count / 2; i++) expect(set(i)).toBe(0);
    living.clear();
    expect(living.quiesce()).toBe(1);
    expect(living.verify()).toBe(0);
  });
});
