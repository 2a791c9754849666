import { beforeEach, describe, expect, test } from "vitest";
import { BlockChecker, type BlockHook } from "../src/checkers/blocks.ts";

const hooks: readonly BlockHook[] = [
  { function: "allocate", does: "allocate", bytes: 0 },
  { function: "free", does: "free", block: 0 },
  { function: "retire", does: "retire", block: 0, bytes: 1 },
];

const [writer, reader] = [0, 1];
const block = 1024;
const bytes = 64;
// Where each thread announces that it is pinned.
const words = [64, 128];

let blocks: BlockChecker;

const pin = (thread: number) => blocks.pins(thread, words[thread]!, false);
const unpin = (thread: number) => blocks.pins(thread, words[thread]!, true);
const read = (thread: number, at = block) => blocks.access(thread, at, 8, () => "a load");
const allocate = (thread: number) => {
  blocks.enter(thread, 0, [bytes]);
  blocks.leave(thread, 0, [bytes], block);
};
const free = (thread: number) => {
  blocks.enter(thread, 1, [block]);
  blocks.leave(thread, 1, [block], 0);
};
const retire = (thread: number, size = bytes) => blocks.enter(thread, 2, [block, size]);

beforeEach(() => {
  blocks = new BlockChecker(hooks, 4096, 2);
  blocks.watchPins(words);
  blocks.save();
  allocate(writer);
});

describe("a retired block", () => {
  test("is for who was pinned when it was retired, until it unpins", () => {
    pin(reader);
    pin(writer);
    retire(writer);
    read(reader);
    read(writer);
    unpin(reader);
    expect(() => read(reader)).toThrow(
      /^a load of 1024 reaches into the block 1024 of 64 bytes, which was retired/,
    );
    read(writer);
  });

  test("was not out of the structure when somebody finds it who was pinned later", () => {
    pin(writer);
    retire(writer);
    pin(reader);
    expect(() => read(reader)).toThrow("retired by thread 0 before the thread was pinned");
  });

  test("has the epochs' list at its end", () => {
    retire(writer);
    read(writer, block + bytes - 8);
    expect(() => read(writer, block + bytes - 16)).toThrow("retired by thread 0");
  });

  test("is not retired again, nor with another size", () => {
    expect(() => retire(writer, 32)).toThrow("it has 64 bytes, not 32");
    retire(writer);
    expect(() => retire(reader)).toThrow("cannot retire 1024: it was retired by thread 0");
  });

  test("may be freed, and is then for nobody", () => {
    pin(reader);
    retire(writer);
    free(writer);
    expect(() => read(reader)).toThrow("freed by thread 0");
    expect(() => free(writer)).toThrow("cannot free 1024: it was freed by thread 0");
  });
});

describe("a block that was never retired", () => {
  test("is not freed after another thread read it without a lock", () => {
    blocks.readAtomically(reader, block + 8);
    expect(() => free(writer)).toThrow("others read it without a lock, and it was not retired");
  });

  test("is freed by who allocated it when nobody else read it so", () => {
    blocks.readAtomically(writer, block);
    read(reader);
    free(writer);
    expect(() => read(writer)).toThrow("freed by thread 0");
  });

  test("is forgotten to have been read when it is allocated again, and with the schedule", () => {
    blocks.readAtomically(reader, block);
    retire(writer);
    free(writer);
    allocate(reader);
    free(reader);
    blocks.restore();
    allocate(writer);
    blocks.readAtomically(reader, block);
    blocks.restore();
    allocate(writer);
    free(writer);
    expect(blocks.count("free")).toBe(1);
  });
});
