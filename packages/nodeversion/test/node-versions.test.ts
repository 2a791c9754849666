import { runInNewContext } from "node:vm";
import { MassTreeBadOptionError } from "@masstree/errors";
import { expect, test } from "vitest";
import { NodeVersions, type NodeVersionsOptions } from "../src/index.ts";
import { sharedMemory, word } from "./modules.ts";

const clean = {
  owner: 0,
  sleepers: false,
  inserting: false,
  splitting: false,
  deleted: false,
  root: false,
  leaf: false,
  inserts: 0,
  splits: 0,
};

test("two threads' objects over one memory see each other's locks", () => {
  const memory = sharedMemory();
  const one = new NodeVersions(memory, { owner: 1 });
  const two = new NodeVersions(memory, { owner: 2 });
  one.lock(64);
  expect([one.isHeld(64), two.isHeld(64)]).toEqual([true, false]);
  expect(two.tryLock(64)).toBe(false);
  expect(two.tryLock(72)).toBe(true);
  one.unlock(64);
  expect(two.tryLock(64)).toBe(true);
  expect(two.describe(two.load(64))).toEqual({ ...clean, owner: 2 });
});

test("a reader needs no owner, and sees inserts, splits and deletions", () => {
  const memory = sharedMemory();
  const writer = new NodeVersions(memory, { owner: 9 });
  const reader = new NodeVersions(memory);
  writer.initialise(8, { leaf: true, root: true });
  const before = reader.stable(8);
  expect(reader.describe(before)).toEqual({ ...clean, leaf: true, root: true });

  writer.lock(8);
  expect(reader.hasChanged(8, before)).toBe(false);
  writer.markInserting(8);
  expect(reader.hasChanged(8, before)).toBe(true);
  writer.unlock(8);
  expect(reader.hasSplit(8, before)).toBe(false);
  writer.lock(8);
  writer.markSplitting(8);
  writer.clearRoot(8);
  writer.unlock(8);
  expect(reader.hasSplit(8, before)).toBe(true);
  expect(reader.describe(reader.load(8))).toEqual({ ...clean, leaf: true, inserts: 1, splits: 1 });

  writer.lock(8);
  writer.setRoot(8);
  writer.markDeleted(8);
  const { deleted, splitting, root } = reader.describe(reader.load(8));
  expect({ deleted, splitting, root }).toEqual({ deleted: true, splitting: true, root: true });
  writer.unlock(8);
  expect(reader.describe(reader.stable(8)).deleted).toBe(true);
});

test("a misspelt option is named, and does not make a reader of a writer", () => {
  const options = { ownr: 1 } as NodeVersionsOptions;
  expect(() => new NodeVersions(sharedMemory(), options)).toThrow(
    "There is no option 'ownr'. The options are 'owner', 'mayWait'.",
  );
});

test("options may be undefined, and a thread that may wait can be told not to", () => {
  const undefineds = { owner: undefined, mayWait: undefined } as never;
  expect(new NodeVersions(sharedMemory(), undefineds).owner).toBe(undefined);
  for (const mayWait of [true, false]) {
    const versions = new NodeVersions(sharedMemory(), { owner: 1, mayWait });
    versions.lock(8);
    expect(versions.isHeld(8)).toBe(true);
  }
});

test("a word can be made locked", () => {
  const versions = new NodeVersions(sharedMemory(), { owner: 1023 });
  versions.initialise(16, { locked: true });
  expect(versions.isHeld(16)).toBe(true);
  expect(versions.load(16)).toBe(word({ owner: 1023 }));
  versions.unlock(16);
  expect(versions.load(16)).toBe(0n);
});

test("describe takes every part of a word, signed or unsigned", () => {
  const versions = new NodeVersions(sharedMemory());
  const parts = {
    owner: 1023,
    sleepers: true,
    inserting: true,
    splitting: true,
    deleted: true,
    root: true,
    leaf: true,
    inserts: 0xfffe,
    splits: 0xfffffffd,
  };
  expect(versions.describe(word(parts))).toEqual(parts);
  expect(versions.describe(BigInt.asIntN(64, word(parts)))).toEqual(parts);
});

test("versions are unsigned, and compare with what was read before the wrap", () => {
  const memory = sharedMemory();
  const start = word({ inserts: 0xffff, splits: 0xffffffff });
  new BigUint64Array(memory.buffer)[1] = start;
  const versions = new NodeVersions(memory, { owner: 1 });
  expect(versions.load(8)).toBe(start);
  expect(versions.stable(8)).toBe(start);
  expect(versions.hasChanged(8, start)).toBe(false);
  versions.lock(8);
  versions.markInserting(8);
  versions.unlock(8);
  expect(versions.load(8)).toBe(0n);
  expect(versions.hasChanged(8, start)).toBe(true);
});

test("a memory of another realm will do", () => {
  const foreign = runInNewContext(
    "new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })",
  );
  expect(foreign instanceof WebAssembly.Memory).toBe(false);
  const one = new NodeVersions(foreign, { owner: 1 });
  one.lock(64);
  expect(new NodeVersions(foreign).describe(one.load(64)).owner).toBe(1);
  one.unlock(64);
});

test("a word in memory that was grown later is reached", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 3, shared: true });
  const versions = new NodeVersions(memory, { owner: 1 });
  expect(() => versions.lock(65536)).toThrow(MassTreeBadOptionError);
  memory.grow(1);
  versions.lock(65536);
  expect(versions.isHeld(65536)).toBe(true);
});

test("so is one in memory that another thread has grown, of which the engine has not told this one", () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 3, shared: true });
  const versions = new NodeVersions(memory, { owner: 1 });
  const known = memory.buffer;
  memory.grow(1);
  Object.defineProperties(memory, {
    buffer: { value: known, configurable: true },
    grow: { value: () => Reflect.deleteProperty(memory, "buffer") && 2 },
  });
  versions.lock(65536);
  expect(versions.isHeld(65536)).toBe(true);
});

test("making the object touches none of the memory", () => {
  const memory = sharedMemory();
  const bytes = new Uint8Array(memory.buffer).fill(0xa5);
  new NodeVersions(memory, { owner: 1 });
  expect(bytes.every((byte) => byte === 0xa5)).toBe(true);
});

const memory = sharedMemory();
const versions = new NodeVersions(memory, { owner: 5 });
const reader = new NodeVersions(memory);
versions.lock(128);
const calls: [string, () => unknown][] = [
  ...[-8, 4, 12.5, Number.NaN, 65536, 2 ** 32, "64", undefined].flatMap(
    (bad): [string, () => unknown][] => {
      const address = bad as number;
      return [
        ["initialise", () => versions.initialise(address)],
        ["load", () => versions.load(address)],
        ["stable", () => versions.stable(address)],
        ["hasChanged", () => versions.hasChanged(address, 0n)],
        ["hasSplit", () => versions.hasSplit(address, 0n)],
        ["tryLock", () => versions.tryLock(address)],
        ["lock", () => versions.lock(address)],
        ["isHeld", () => versions.isHeld(address)],
        ["unlock", () => versions.unlock(address)],
        ["markInserting", () => versions.markInserting(address)],
      ].map(([name, call]) => [`${name} at ${String(bad)}`, call] as [string, () => unknown]);
    },
  ),
  ["lock what this thread holds", () => versions.lock(128)],
  ["unlock what is not held", () => versions.unlock(136)],
  ["unlock what another holds", () => new NodeVersions(memory, { owner: 6 }).unlock(128)],
  ["markInserting without the lock", () => versions.markInserting(136)],
  ["markSplitting without the lock", () => versions.markSplitting(136)],
  ["markDeleted without the lock", () => versions.markDeleted(136)],
  ["setRoot without the lock", () => versions.setRoot(136)],
  ["clearRoot without the lock", () => versions.clearRoot(136)],
  ["hasChanged since a number", () => versions.hasChanged(128, 1 as unknown as bigint)],
  ["hasSplit since nothing", () => versions.hasSplit(128, undefined as unknown as bigint)],
  ["describe of a number", () => versions.describe(1 as unknown as bigint)],
  ["lock without an owner", () => reader.lock(136)],
  ["tryLock without an owner", () => reader.tryLock(136)],
  ["a locked word without an owner", () => reader.initialise(136, { locked: true })],
  ...[0, 1024, -1, 1.5, "1", null].map((owner): [string, () => unknown] => [
    `owner ${String(owner)}`,
    () => new NodeVersions(memory, { owner } as NodeVersionsOptions),
  ]),
  ...[undefined, null, {}, new SharedArrayBuffer(64)].map((bad): [string, () => unknown] => [
    `${Object.prototype.toString.call(bad)} as the memory`,
    () => new NodeVersions(bad as unknown as WebAssembly.Memory),
  ]),
  ...[{ ownr: 1 }, { mayWait: "no" }, { mayWait: null }, { mayWait: 1 }, [], null, 7].map(
    (options): [string, () => unknown] => [
      `the options ${JSON.stringify(options)}`,
      () => new NodeVersions(memory, options as NodeVersionsOptions),
    ],
  ),
  ...[{ leef: true }, { leaf: "no" }, { root: 1 }, { locked: null }, null, 7].map(
    (state): [string, () => unknown] => [
      `the state ${JSON.stringify(state)}`,
      () => versions.initialise(136, state as never),
    ],
  ),
  ["an address that cannot be a string", () => versions.load(Object.create(null))],
  ["a version that cannot be a string", () => versions.describe(Object.create(null))],
  ["a memory of one thread", () => new NodeVersions(new WebAssembly.Memory({ initial: 1 }))],
  [
    "a memory without a page",
    () => new NodeVersions(new WebAssembly.Memory({ initial: 0, maximum: 1, shared: true })),
  ],
];

test.each(calls)("%s is refused with a code, and changes nothing", (_, call) => {
  const before = Buffer.from(new Uint8Array(memory.buffer));
  expect(call).toThrow(MassTreeBadOptionError);
  expect(call).toThrow(expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }));
  expect(before.equals(new Uint8Array(memory.buffer))).toBe(true);
});
