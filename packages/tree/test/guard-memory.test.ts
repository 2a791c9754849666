// The memory of guards by itself, also as engines have it that detach buffers in another way, or not at all.
import { random } from "@tooling/vitest/random";
import { afterEach, describe, expect, test, vi } from "vitest";

type Module = typeof import("../src/guard-memory.ts");

const { prototype } = ArrayBuffer as { prototype: { transfer?: unknown } };
const ownTransfer = prototype.transfer;

/** What `transfer(0)` does, by other means. */
function transfer(this: ArrayBuffer, length: number): ArrayBuffer {
  if (length !== 0) throw new RangeError("only an empty buffer is asked for");
  structuredClone(this, { transfer: [this] });
  return new ArrayBuffer(0);
}

/** The module, as an engine with or without these loads it. */
async function load(engine: { transfer: boolean; clone: boolean }): Promise<Module> {
  if (engine.transfer) prototype.transfer = transfer;
  else delete prototype.transfer;
  if (!engine.clone) vi.stubGlobal("structuredClone", undefined);
  vi.resetModules();
  return await import("../src/guard-memory.ts");
}

afterEach(() => {
  vi.unstubAllGlobals();
  if (ownTransfer === undefined) delete prototype.transfer;
  else prototype.transfer = ownTransfer;
});

const sizes = [0, 1, 7, 8, 9, 63, 64, 65, 500, 1015, 1016, 1024, 16_384, 16_385, 100_000];

describe.each([
  ["transfer", { transfer: true, clone: true }],
  ["structuredClone", { transfer: false, clone: true }],
])("where there is %s", (_, engine) => {
  test("VIEW1: room is handed out once, at multiples of 8, and nothing is left of it", async () => {
    const { GuardAccount, GuardMemory } = await load(engine);
    const account = new GuardAccount(0);
    const memory = new GuardMemory(account);
    const draw = random();
    for (let round = 0; round < 3; round++) {
      const views: Uint8Array[] = [];
      for (let i = 0; i < 300; i++) {
        const length = sizes[Math.floor(draw() * sizes.length)]!;
        const source = new Uint8Array(length + 3).fill(i + 1);
        const view = memory.copy(source, 2, length + 2);
        // Long ones begin as their source does.
        expect([view.length, view.byteOffset % 8]).toEqual([length, length > 16_384 ? 2 : 0]);
        views.push(view);
      }
      for (const [i, view] of views.entries()) {
        expect(view.every((byte) => byte === (i + 1) % 256)).toBe(true);
        for (const other of views.slice(i + 1, i + 4)) {
          const isApart =
            other.buffer !== view.buffer || other.byteOffset >= view.byteOffset + view.length;
          expect(isApart).toBe(true);
        }
      }
      const buffers = new Set(views.map(({ buffer }) => buffer));
      const bytes = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
      expect(account.bytes).toBe(bytes);
      memory.detach();
      expect(account.bytes).toBe(0);
      for (const view of views) {
        expect([view.length, view[0], view.buffer.byteLength]).toEqual([0, undefined, 0]);
        expect(() => view.slice()).toThrow(TypeError);
        expect(() => view.subarray()).toThrow(TypeError);
        expect(() => view.set([])).toThrow(TypeError);
        expect(() => [...view]).toThrow(TypeError);
        expect(new TextDecoder().decode(view)).toBe("");
      }
      memory.detach();
    }
  });

  test("VIEW2: chunks that the caller has transferred away are neither used nor detached again", async () => {
    const { GuardAccount, GuardMemory } = await load(engine);
    const account = new GuardAccount(0);
    const memory = new GuardMemory(account);
    const views = sizes.map((length) => {
      const view = memory.copy(new Uint8Array(length).fill(length), 0, length);
      expect(view.length).toBe(length);
      if (length % 2 === 0) structuredClone(0, { transfer: [view.buffer as ArrayBuffer] });
      return view;
    });
    memory.detach();
    for (const view of views) expect(view.buffer.byteLength).toBe(0);
    expect(account.bytes).toBe(0);
  });

  test("is given back in large parts while a scan goes on", async () => {
    const { GuardAccount, GuardMemory } = await load(engine);
    const account = new GuardAccount(0);
    const memory = new GuardMemory(account);
    const source = new Uint8Array(100);
    let detached = 0;
    let most = 0;
    for (let i = 0; i < 10_000; i++) {
      const before = account.bytes;
      memory.recycle();
      if (account.bytes < before) detached++;
      memory.copy(source, 0, 100);
      most = Math.max(most, account.bytes);
    }
    expect(detached).toBeGreaterThan(5);
    expect(detached).toBeLessThan(50);
    expect(most).toBeLessThan(3 * 65_536);
  });
});

test("where nothing can be detached, views show zeros, and never other bytes", async () => {
  const { GuardAccount, GuardMemory } = await load({ transfer: false, clone: false });
  const memory = new GuardMemory(new GuardAccount(0));
  const views = sizes.map((length) => memory.copy(new Uint8Array(length).fill(1), 0, length));
  memory.detach();
  const later = sizes.map((length) => memory.copy(new Uint8Array(length).fill(2), 0, length));
  for (const [i, view] of views.entries()) {
    expect(view.length).toBe(sizes[i]);
    expect(view.every((byte) => byte === 0)).toBe(true);
    expect(later[i]!.every((byte) => byte === 2)).toBe(true);
  }
});
