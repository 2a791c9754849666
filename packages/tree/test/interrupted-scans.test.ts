// A scan whose `next` is interrupted, and called again. A timeout of node:vm runs no `finally`; what matters here is
// the same for errors: how far the cursor had got.
import { keyCodecs } from "@masstree/key";
import { expect, test } from "vitest";
import type { EntryBuffer } from "../src/entry-buffer.ts";
import { Scan, treeModules, type WordTreeExports } from "../src/index.ts";
import { TreeInstance } from "../src/instance.ts";
import { everything } from "../src/range.ts";

const codec = keyCodecs.string;
const count = 700;
const keys = Array.from({ length: count }, (_, n) => `${n + 1000}${"x".repeat((n * 31) % 97)}`);

function filled(): TreeInstance<WordTreeExports> {
  const plan = { width: 15, keyNumber: 0, valueNumber: 0, initialPages: 16, maximumPages: 64 };
  const tree = TreeInstance.create<WordTreeExports>(treeModules, plan);
  for (const key of keys) tree.exports.put(codec.encode(key, tree.key, 0), 0);
  return tree;
}

test.each([
  ["before a batch", "scan"],
  ["once the next batch has overwritten the last one", "keep"],
])("goes on where it was if it is interrupted %s", (_, where) => {
  const tree = filled();
  for (const reverse of [false, true]) {
    let armed = false;
    const interrupt = (name: string) => {
      if (!armed || name !== where) return;
      armed = false;
      throw new RangeError("interrupted");
    };
    const values = {
      pinned: false,
      keep: (buffer: EntryBuffer, kept: number, keyBytes: number) => {
        buffer.fill(tree.result, kept, keyBytes);
        interrupt("keep");
        return kept;
      },
      read: () => undefined,
    };
    const watched = new Proxy(tree, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (name === "exports") interrupt("scan");
        return typeof member === "function" ? member.bind(target) : member;
      },
      set: (target, name, value) => Reflect.set(target, name, value, target),
    });
    const scan = new Scan(watched, codec, values, { ...everything, reverse });
    const seen: string[] = [];
    let interruptions = 0;
    while (seen.length <= count) {
      armed = seen.length % 3 !== 0;
      try {
        if (!scan.next()) break;
        seen.push(scan.key());
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        interruptions++;
        armed = false;
        if (!scan.next()) break;
        seen.push(scan.key());
      }
    }
    expect(seen).toEqual(reverse ? keys.toReversed() : keys);
    expect(interruptions).toBeGreaterThan(1);
  }
  tree.close();
});
