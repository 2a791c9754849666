// A thread that has its number back by the time that a late answer about another comes is not taken for dead.
import { expect, test } from "vitest";
import type { WordTreeExports as TreeExports } from "../src/index.ts";
import { moduleOf } from "./support/build.ts";
import { utf8 } from "./support/bytes.ts";

test.each([15, 24] as const)("width %i: the same thread has its number again", (width) => {
  const module = moduleOf(width, true);
  function enter(
    memory: WebAssembly.Memory,
    thread: number,
    isGone: (number: number, ticket: number) => number,
  ) {
    const instance = new WebAssembly.Instance(module, {
      env: { memory },
      host: { isGone, now: Date.now, tell: () => {} },
    });
    const exports = instance.exports as unknown as TreeExports & {
      create(maxPages: number, keyKind: number, valueKind: number): number;
    };
    return {
      exports,
      attach: () => expect(exports.attach(1, thread, 0)).toBe(0),
      set(key: string): number {
        const bytes = utf8(key);
        new Uint8Array(memory.buffer).set(bytes, exports.keyScratch() >>> 0);
        return exports.put(bytes.length, 0);
      },
    };
  }
  const memory = new WebAssembly.Memory({ initial: 32, maximum: 256, shared: true });
  const never = () => 0;
  const first = enter(memory, 1, never);
  expect(first.exports.create(256, 0, 0)).toBe(0);
  first.attach();
  const number = first.exports.participantNumber();
  const other = enter(memory, 2, never);
  other.attach();
  const brief = enter(memory, 3, never);
  const again = enter(memory, 1, never);
  const tickets = new Int32Array(memory.buffer, 12288, 256);
  let asked = 0;
  const slow = enter(memory, 4, (of, ticket) => {
    if (of !== number || asked++ > 0) return 0;
    first.exports.detach();
    brief.attach(); // Thread 3 has the number, and ends.
    const thread = Atomics.load(tickets, number - 1);
    // A host that is told whom it is asked about answers about nobody else.
    const answer = ticket === undefined || thread === ticket ? 1 : 0;
    expect(other.exports.releaseThread(3)).toBe(1);
    again.attach(); // Thread 1 is back.
    expect(again.exports.participantNumber()).toBe(number);
    expect(again.set("written by the one that is back")).toBe(0);
    return answer;
  });
  slow.attach();
  expect(slow.exports.releaseGone()).toBe(0);
  expect(asked).toBe(1);
  expect(slow.exports.stateOf(number)).toBe(1);
  expect(again.set("and it goes on")).toBe(0);
  expect(slow.exports.verify()).toBe(0);
});
