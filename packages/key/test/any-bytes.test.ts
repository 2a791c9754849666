// Decodes arbitrary bytes. Each codec either refuses them or returns a key that encodes to them.
import { MassTreeBadKeyError } from "@masstree/errors";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type KeyCodec, keyCodecs, MAX_KEY_BYTES } from "../src/index.ts";
import { collidingBytes, decode, encode } from "./helpers.ts";

/** Bytes near the borders of the number codec: the ends, zero, and the infinities. */
const borders = fc
  .tuple(
    fc.constantFrom(0n, 0x000f_ffff_ffff_ffffn, 0x8000_0000_0000_0000n, 0xfff0_0000_0000_0000n),
    fc.bigInt(-3n, 3n),
  )
  .map(([border, step]) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, border + step);
    return bytes;
  });

const anyBytes = fc.oneof(
  borders,
  fc.uint8Array({ minLength: 8, maxLength: 8 }),
  fc.uint8Array({ maxLength: 60 }),
  collidingBytes,
  // Valid UTF-8, sometimes with one byte changed.
  fc
    .tuple(fc.string({ unit: "binary", maxLength: 30 }), fc.nat(), fc.option(fc.nat(255)))
    .map(([text, place, byte]) => {
      const bytes = new TextEncoder().encode(text);
      if (byte !== null && bytes.length > 0) bytes[place % bytes.length] = byte;
      return bytes;
    }),
);

/** Whether the codec decodes these bytes. If it does, the key must encode to the same bytes. */
function isKey(codec: KeyCodec<unknown>, bytes: Uint8Array): boolean {
  let key: unknown;
  try {
    key = decode(codec, bytes);
  } catch (error) {
    if (error instanceof MassTreeBadKeyError) return false;
    throw error;
  }
  expect(encode(codec, key)).toEqual(bytes);
  return true;
}

describe.each(Object.values(keyCodecs) as KeyCodec<unknown>[])("codec of $kind", (codec) => {
  test("refuses bytes, or returns a key that encodes to them", () => {
    let keys = 0;
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        if (isKey(codec, bytes)) keys++;
      }),
      { numRuns: runs(2000) },
    );
    expect(keys).toBeGreaterThan(0);
  });

  test("refuses more bytes than a key may have", () => {
    const bytes = new Uint8Array(MAX_KEY_BYTES + 1);
    expect(() => decode(codec, bytes)).toThrow(MassTreeBadKeyError);
    expect(() => decode(codec, bytes)).toThrow(`there are ${MAX_KEY_BYTES + 1} of them`);
  });
});

test("any 8 bytes decode to a bigint, and any bytes decode to a byte array", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
      expect(isKey(keyCodecs.bigint as KeyCodec<unknown>, bytes)).toBe(true);
    }),
  );
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expect(isKey(keyCodecs.bytes as KeyCodec<unknown>, bytes)).toBe(true);
    }),
  );
});
