// A UUID as its 16 bytes, in the order of its digits (RFC 9562).
import { MassTreeBadKeyError } from "@masstree/errors";
import type { KeyCodec } from "./codec.ts";
import { notEncoded, wrongType } from "./describe.ts";
import { make } from "./make.ts";
import { fixedMember, UUID } from "./members.ts";

const BYTES = 16;
const DIGITS = 36;
const HYPHEN = 0x2d;

/**
 * Codec for UUIDs as text, such as `crypto.randomUUID()` returns: 16 bytes in place of 36, ordered by
 * their digits, so those of version 7 by time. Takes any version and variant, in either case;
 * `decode` returns lower case.
 *
 * @example
 * ```ts
 * const room = new Uint8Array(MAX_KEY_BYTES + 16);
 * uuid.encode("F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", room, 0); // => 16
 * uuid.decode(room, 0, 16); // => "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"
 * ```
 */
export const uuid: KeyCodec<string> = /* @__PURE__ */ make<string>(
  {
    kind: "uuid",
    runsCallersCode: false,

    encode(key, target, offset) {
      if (typeof key !== "string") throw wrongType("uuid", key);
      if (key.length !== DIGITS) throw malformed();
      let at = offset;
      for (let i = 0; i < DIGITS; ) {
        if (i === 8 || i === 13 || i === 18 || i === 23) {
          if (key.charCodeAt(i++) !== HYPHEN) throw malformed();
        }
        const high = digit(key.charCodeAt(i++));
        const low = digit(key.charCodeAt(i++));
        if (high < 0 || low < 0) throw malformed();
        target[at++] = (high << 4) | low;
      }
      return BYTES;
    },

    decode(source, start, end) {
      if (end - start !== BYTES) {
        throw notEncoded("uuid", `there are ${end - start} of them, not ${BYTES}`);
      }
      digits ??= Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
      let text = "";
      for (let i = 0; i < BYTES; i++) {
        if (i === 4 || i === 6 || i === 8 || i === 10) text += "-";
        text += digits[source[start + i]!];
      }
      return text;
    },
  },
  { fixedBytes: BYTES, member: /* @__PURE__ */ fixedMember(UUID, BYTES, () => uuid) },
);

// The two digits of each byte.
let digits: readonly string[] | undefined;

/** The value of a hexadecimal digit; -1 for any other character. */
function digit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const letter = unit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function malformed(): MassTreeBadKeyError {
  return new MassTreeBadKeyError(
    "This is not a UUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 with hyphens between them.",
  );
}
