// The number of a thread that ended is another's by now: what is known of the one is not held against the other.
import { describe, expect, test } from "vitest";
import type { WordTreeExports as TreeExports } from "../src/index.ts";
import { moduleOf } from "./support/build.ts";
import { utf8 } from "./support/bytes.ts";

/** Address of the half words that say which number asks about which (ASKING of @masstree/memory, header.ts). */
const questions = 3200;

const [asking, dead, quick, newcomer] = [1, 2, 3, 4];

describe.each([15, 24] as const)("width %i", (width) => {
  const module = moduleOf(width, true);

  function enter(memory: WebAssembly.Memory, thread: number, isGone: (number: number) => number) {
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

  // A thread asks its host whether another has ended, and by the time it knows, yet another has recovered the dead
  // one, and a new thread has its number.
  test("a late answer is not held against the new thread", () => {
    const memory = new WebAssembly.Memory({ initial: 32, maximum: 256, shared: true });
    const never = () => 0;
    const gone = enter(memory, dead!, never);
    expect(gone.exports.create(256, 0, 0)).toBe(0);
    gone.attach();
    expect(gone.set("written by the dead")).toBe(0);
    const number = gone.exports.participantNumber();

    const other = enter(memory, quick!, never);
    other.attach();
    const fresh = enter(memory, newcomer!, never);
    let asked = 0;
    const slow = enter(memory, asking!, (of) => {
      if (of !== number) return 0;
      asked++;
      expect(other.exports.releaseThread(dead!)).toBe(1);
      fresh.attach();
      expect(fresh.exports.participantNumber()).toBe(number);
      expect(fresh.set("written by the new one")).toBe(0);
      return 1;
    });
    slow.attach();
    expect(slow.exports.releaseGone()).toBe(0);
    expect(asked).toBe(1);

    // 1: in use, by a thread that is not dead.
    expect(slow.exports.stateOf(number)).toBe(1);
    expect(fresh.set("and it goes on")).toBe(0);
    expect(slow.exports.size()).toBe(3);
    expect(slow.exports.verify()).toBe(0);
  });

  test("what the ended thread was asking is not held against it", () => {
    const memory = new WebAssembly.Memory({ initial: 32, maximum: 256, shared: true });
    const ended = enter(memory, dead!, () => 0);
    expect(ended.exports.create(256, 0, 0)).toBe(0);
    ended.attach();
    const other = enter(memory, quick!, () => 0);
    other.attach();
    const asks = new Uint16Array(memory.buffer, questions, 256);
    asks[ended.exports.participantNumber() - 1] = 7;
    expect(other.exports.releaseThread(dead!)).toBe(1);
    expect(asks.every((number) => number === 0)).toBe(true);
    // The same for a visitor, who has no descriptor.
    const visitor = enter(memory, newcomer!, () => 0);
    const number = visitor.exports.visit(1, newcomer!);
    asks[number - 1] = 7;
    expect(other.exports.releaseThread(newcomer!)).toBe(1);
    expect(asks.every((number) => number === 0)).toBe(true);
    expect(other.exports.verify()).toBe(0);
  });
});
