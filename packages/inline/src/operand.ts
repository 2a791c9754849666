import { MassTreeBadValueError } from "@masstree/errors";
import { badValue, type InlineValue, valueNumbers } from "./values.ts";

const { u32, i32, f64, u64 } = valueNumbers;

/**
 * What `add`, `and`, `or` and `xor` combine a value with: of integers, those with and those without
 * a sign, so that `add(key, -1)` counts down whatever the kind.
 *
 * @param kind from `valueNumbers`
 * @returns the value of this kind that has the same bits
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`)
 */
export function operandOf(kind: number, value: InlineValue): InlineValue {
  if (kind === f64) return value;
  if (kind === u32 || kind === i32) {
    if (typeof value !== "number" || (value >>> 0 !== value && (value | 0) !== value)) {
      throw badValue("whole numbers, combined with those from -2147483648 to 4294967295", value);
    }
    return kind === u32 ? value >>> 0 : value | 0;
  }
  const is64Bits =
    typeof value === "bigint" &&
    (BigInt.asUintN(64, value) === value || BigInt.asIntN(64, value) === value);
  if (!is64Bits) {
    throw badValue(
      "bigints, combined with those from -9223372036854775808n to 18446744073709551615n",
      value,
    );
  }
  return kind === u64 ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
}

/**
 * The same for operations on bits.
 *
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`), also if the kind is no integer
 */
export function bitsOf(kind: number, value: InlineValue, method: string): InlineValue {
  if (kind !== f64) return operandOf(kind, value);
  throw new MassTreeBadValueError(
    `'${method}' works on the bits of integers, and the values of this map are of kind "f64". Create it with the value "u32", "i32", "u64" or "i64".`,
  );
}
