// The modules that the tests drive directly, below the JavaScript wrapper.
import { readFileSync } from "node:fs";
import type { Exports } from "../src/exports.ts";

/** Builds of the package's AssemblyScript; those with -debug check preconditions and sleep early. */
export type Build = "nodeversion" | "nodeversion-debug" | "contend" | "contend-debug";

export function compile(build: Build): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../build/${build}.wasm`, import.meta.url)));
}

export function sharedMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
}

export interface RawExports extends Exports {
  isDirty(version: bigint): number;
  isLocked(version: bigint): number;
  isDeleted(version: bigint): number;
  isRoot(version: bigint): number;
  isLeaf(version: bigint): number;
  ownerOf(version: bigint): number;
  lockOrTimeout(address: number, owner: number): number;
  stableOrTimeout(address: number): bigint;
  takeOver(address: number, seen: bigint, to: number): number;
  waitWhileEqual(address: number, expected: number, nanoseconds: bigint): number;
  changedBetween(before: bigint, after: bigint): number;
  splitBetween(before: bigint, after: bigint): number;
  readonly DIRTY: WebAssembly.Global<"i64">;
}

export function instantiate<E = RawExports>(
  build: Build,
  memory: WebAssembly.Memory = sharedMemory(),
): E {
  return new WebAssembly.Instance(compile(build), { env: { memory } }).exports as E;
}

/** A version word with these parts, put together without the code under test. */
export function word(parts: {
  owner?: number;
  sleepers?: boolean;
  inserting?: boolean;
  splitting?: boolean;
  deleted?: boolean;
  root?: boolean;
  leaf?: boolean;
  inserts?: number;
  splits?: number;
}): bigint {
  const bit = (set: boolean | undefined, n: bigint) => (set ? 1n << n : 0n);
  return (
    BigInt(parts.owner ?? 0) |
    bit(parts.sleepers, 10n) |
    bit(parts.inserting, 11n) |
    bit(parts.splitting, 12n) |
    bit(parts.deleted, 13n) |
    bit(parts.root, 14n) |
    bit(parts.leaf, 15n) |
    (BigInt(parts.inserts ?? 0) << 16n) |
    (BigInt(parts.splits ?? 0) << 32n)
  );
}
