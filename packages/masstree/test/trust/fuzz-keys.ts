// Keys of all kinds, made of bytes, for fuzzing.
import type { KeyType } from "../../src/index.ts";

/** One kind of key. */
export interface FuzzKeys {
  readonly name: "string" | "bytes" | "number" | "bigint";
  /** A key for any bytes. */
  make(bytes: Uint8Array): KeyType;
  /** Text that is equal for equal keys, and in whose order of characters the keys are. */
  rank(key: KeyType): string;
}

/** Each byte as one character: compares as the bytes do. */
const latin = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

export const fuzzKeys: readonly FuzzKeys[] = [
  {
    name: "bytes",
    make: (bytes) => Uint8Array.from(bytes),
    rank: (key) => latin(key as Uint8Array),
  },
  {
    name: "string",
    // One, two and three bytes in UTF-8.
    make: (bytes) =>
      Array.from(bytes, (byte) => String.fromCharCode(byte < 250 ? byte : byte * 17)).join(""),
    rank: (key) => Buffer.from(key as string, "utf8").toString("latin1"),
  },
  {
    name: "number",
    make(bytes) {
      const number = Buffer.from(padded(bytes)).readDoubleBE();
      return Number.isNaN(number) ? bytes.length : number + 0;
    },
    rank: (key) => ordered(doubleBits(key as number)),
  },
  {
    name: "bigint",
    make: (bytes) => Buffer.from(padded(bytes)).readBigInt64BE(),
    rank: (key) => ordered(BigInt.asUintN(64, (key as bigint) + (1n << 63n))),
  },
];

function padded(bytes: Uint8Array): Uint8Array {
  const eight = new Uint8Array(8);
  eight.set(bytes.subarray(0, 8));
  return eight;
}

/** The bits of a number, such that unsigned order is the numbers' order. */
function doubleBits(number: number): bigint {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  const bits = bytes.readBigUInt64BE();
  return bits >> 63n === 1n ? BigInt.asUintN(64, ~bits) : bits | (1n << 63n);
}

function ordered(bits: bigint): string {
  return bits.toString(16).padStart(16, "0");
}
