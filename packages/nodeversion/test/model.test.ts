import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { instantiate, sharedMemory, word } from "./modules.ts";

/** The word as a record. */
interface Model {
  owner: number;
  sleepers: boolean;
  inserting: boolean;
  splitting: boolean;
  deleted: boolean;
  root: boolean;
  leaf: boolean;
  inserts: number;
  splits: number;
}

/** What may be done to a word, as far as a state allows it. */
const moves: Record<string, (model: Model) => Model | undefined> = {
  tryLock: (m) => (m.owner === 0 ? { ...m, owner: 77 } : m),
  lock: (m) => (m.owner === 0 ? { ...m, owner: 77 } : undefined),
  markInserting: (m) => (m.owner ? { ...m, inserting: true } : undefined),
  markSplitting: (m) => (m.owner ? { ...m, splitting: true } : undefined),
  markDeleted: (m) => (m.owner ? { ...m, splitting: true, deleted: true } : undefined),
  setRoot: (m) => (m.owner ? { ...m, root: true } : undefined),
  clearRoot: (m) => (m.owner ? { ...m, root: false } : undefined),
  // Another thread goes to sleep on the word.
  sleep: (m) => (m.owner ? { ...m, sleepers: true } : undefined),
  unlock: (m) => {
    if (m.owner === 0) return undefined;
    const insert = !m.splitting && m.inserting ? 1 : 0;
    const carry = m.inserts + insert > 0xffff ? 1 : 0;
    return {
      ...m,
      owner: 0,
      sleepers: false,
      inserting: false,
      splitting: false,
      inserts: (m.inserts + insert) % 0x10000,
      splits: (m.splits + carry + (m.splitting ? 1 : 0)) % 0x100000000,
    };
  },
};

const nearEnd = (limit: number) =>
  fc.oneof(fc.nat(limit), fc.integer({ min: limit - 2, max: limit }));
const initial = fc.record({
  owner: fc.constant(0),
  sleepers: fc.constant(false),
  inserting: fc.constant(false),
  splitting: fc.constant(false),
  deleted: fc.boolean(),
  root: fc.boolean(),
  leaf: fc.boolean(),
  inserts: nearEnd(0xffff),
  splits: nearEnd(0xffffffff),
});
const sequence = fc.array(fc.constantFrom(...Object.keys(moves)), { maxLength: 40 });

test.each(["nodeversion-test", "nodeversion-debug"] as const)(
  "%s: any sequence of operations equals the model, and readers learn of each change",
  (build) => {
    const memory = sharedMemory();
    const words = new BigUint64Array(memory.buffer);
    const exports = instantiate(build, memory);
    const node = 128;
    fc.assert(
      fc.property(initial, sequence, (start, names) => {
        let model: Model = start;
        let before: Model = start;
        words[node / 8] = word(model);
        for (const name of names) {
          const next = moves[name]!(model);
          if (next === undefined) continue;
          if (name === "tryLock") {
            expect(exports.tryLock(node, 77)).toBe(model.owner === 0 ? 1 : 0);
          } else if (name === "lock") {
            exports.lock(node, 77);
          } else if (name === "sleep") {
            words[node / 8]! |= exports.SLEEPERS.value;
          } else {
            (exports as unknown as Record<string, (node: number) => void>)[name]!(node);
          }
          model = next;
          expect(words[node / 8]).toBe(word(model));
          expect(BigInt.asUintN(64, exports.loadVersion(node))).toBe(word(model));

          const split =
            before.splits !== model.splits ||
            model.splitting ||
            before.deleted !== model.deleted ||
            before.root !== model.root;
          const changed = split || before.inserts !== model.inserts || model.inserting;
          expect(exports.hasSplit(node, word(before)) !== 0).toBe(split);
          expect(exports.hasChanged(node, word(before)) !== 0).toBe(changed);
          if (!model.inserting && !model.splitting) {
            // A reader starts over here.
            expect(BigInt.asUintN(64, exports.stable(node))).toBe(word(model));
            before = model;
          }
        }
      }),
      { numRuns: runs(500) },
    );
  },
);
