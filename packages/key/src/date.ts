// A Date as the 8 bytes of its time value, a whole number of milliseconds, as the number codec writes
// them.
import { MassTreeBadKeyError } from "@masstree/errors";
import type { KeyCodec } from "./codec.ts";
import { notEncoded, wrongType } from "./describe.ts";
import { make } from "./make.ts";
import { DATE, fixedMember } from "./members.ts";
import { number } from "./number.ts";
import { requireWord } from "./word.ts";

/**
 * The time value of a Date; throws for anything else. Reads what the engine itself knows: a subclass or the
 * object may have another `getTime`.
 */
export const timeOf: (this: unknown) => number = /* @__PURE__ */ (() =>
  Date.prototype.getTime as (this: unknown) => number)();

/** The latest time value of a Date, in milliseconds; the earliest is its negative. */
const LATEST = 8.64e15;

/**
 * Codec for `Date`s: 8 bytes, ordered by time, from the year -271821 to 275760, to the millisecond.
 * Invalid dates are refused, because they have no place in the order. Decoding returns a new `Date`.
 *
 * @example
 * ```ts
 * const room = new Uint8Array(MAX_KEY_BYTES + 16);
 * date.encode(new Date("2026-11-29"), room, 0); // => 8
 * date.decode(room, 0, 8).toISOString(); // => "2026-11-29T00:00:00.000Z"
 * ```
 */
export const date: KeyCodec<Date> = /* @__PURE__ */ make<Date>(
  {
    kind: "date",
    runsCallersCode: false,

    encode(key, target, offset) {
      let time: number;
      try {
        time = timeOf.call(key);
      } catch {
        throw wrongType("date", key);
      }
      if (Number.isNaN(time)) throw invalid();
      return number.encode(time, target, offset);
    },

    decode(source, start, end) {
      requireWord("date", start, end);
      const time = number.decode(source, start, end);
      if (!Number.isInteger(time) || Math.abs(time) > LATEST) {
        throw notEncoded("date", `no Date has the time ${time}`);
      }
      return new Date(time);
    },
  },
  { fixedBytes: 8, member: /* @__PURE__ */ fixedMember(DATE, 8, () => date) },
);

function invalid(): MassTreeBadKeyError {
  return new MassTreeBadKeyError(
    "An invalid Date cannot be a key: it has no place in the order. Check what it was created from.",
  );
}
