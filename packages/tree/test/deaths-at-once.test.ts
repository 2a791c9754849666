// Two threads have ended, and one of them is known to have. What it takes to take over from that one, the
// other holds, and whoever is to say that the other has ended too may be the thread that takes over.
import { describe, expect, test } from "vitest";
import type { WordTreeExports as TreeExports } from "../src/index.ts";
import { moduleOf } from "./support/build.ts";
import { utf8 } from "./support/bytes.ts";

const [known, unknown, living] = [1, 2, 3];

/** Address of the region's lock (@masstree/memory, header.ts), whose lowest bits name who holds it. */
const lock = 128;

describe.each([15, 24] as const)("width %i", (width) => {
  const module = moduleOf(width, true);

  function enter(memory: WebAssembly.Memory, thread: number) {
    const host = { isGone: () => 0, now: Date.now, tell: () => {} };
    const { exports } = new WebAssembly.Instance(module, { env: { memory }, host });
    const tree = exports as unknown as TreeExports & {
      create(maxPages: number, keyKind: number, valueKind: number): number;
    };
    if (thread === known) expect(tree.create(256, 0, 0)).toBe(0);
    expect(tree.attach(1, thread, 0)).toBe(0);
    return tree;
  }

  test("a recovery is given up rather than wait, and succeeds once both are known", () => {
    const memory = new WebAssembly.Memory({ initial: 32, maximum: 256, shared: true });
    const [first, second, third] = [
      enter(memory, known!),
      enter(memory, unknown!),
      enter(memory, living!),
    ];
    const bytes = utf8("a key");
    new Uint8Array(memory.buffer).set(bytes, first.keyScratch() >>> 0);
    expect(first.put(bytes.length, 0)).toBe(0);

    const words = new Uint32Array(memory.buffer);
    words[lock / 4]! |= second.participantNumber();
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(third.releaseThread(known!)).toBe(0);
      expect(third.unrecovered()).toBe(1);
      expect(third.stateOf(first.participantNumber())).toBe(2);
      expect(third.stateOf(second.participantNumber())).toBe(1);
    }

    expect(third.releaseThread(unknown!)).toBe(1);
    expect(third.releaseGone()).toBe(1);
    expect(third.unrecovered()).toBe(0);
    expect(words[lock / 4]! & 0x3ff).toBe(0);
    expect(third.size()).toBe(1);
    expect(third.verify()).toBe(0);
  });
});
