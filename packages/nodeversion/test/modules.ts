// The modules that the tests drive directly, below the JavaScript wrapper.
import { readFileSync } from "node:fs";
import type { TestExports } from "../src/generated/test-exports.ts";

/** Builds of the package's AssemblyScript; those with -debug check preconditions and sleep early. */
export type Build =
  | "nodeversion"
  | "nodeversion-test"
  | "nodeversion-debug"
  | "contend-test"
  | "contend-debug";

export function compile(build: Build): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../build/${build}.wasm`, import.meta.url)));
}

export function sharedMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
}

export function instantiate<E = TestExports>(
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
