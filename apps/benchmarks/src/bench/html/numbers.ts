// Numbers as the report's plots and texts show them.
import { count, significant } from "../../format.ts";
import type { Unit } from "../result.ts";

/** Three significant digits and a letter for thousands: `2.31 M`, `850`, `0`. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "-";
  if (value === 0) return "0";
  const [scaled, letter] = scale(value);
  // Rounding may reach the next letter: 999,999 is 1 M.
  if (Number(scaled.toPrecision(3)) >= 1000 && letter !== "G")
    return short(Number(value.toPrecision(3)));
  return `${trimmed(scaled)}${letter === "" ? "" : ` ${letter}`}`;
}

function scale(value: number): [number, string] {
  const size = Math.abs(value);
  if (size >= 1e9) return [value / 1e9, "G"];
  if (size >= 1e6) return [value / 1e6, "M"];
  if (size >= 1e3) return [value / 1e3, "K"];
  return [value, ""];
}

/** Three significant digits without superfluous zeros. */
function trimmed(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A time as `850 ns`, `1.2 µs`, `35 ms` or `2.1 s`. */
export function time(nanoseconds: number): string {
  if (!Number.isFinite(nanoseconds)) return "-";
  const size = Math.abs(nanoseconds);
  if (size < 999.5) return `${trimmed(nanoseconds)} ns`;
  if (size < 999.5e3) return `${trimmed(nanoseconds / 1e3)} µs`;
  if (size < 999.5e6) return `${trimmed(nanoseconds / 1e6)} ms`;
  return `${trimmed(nanoseconds / 1e9)} s`;
}

/** A figure with its unit: `2.31 M/s`, `38.2 bytes`, `1.2 µs`. */
export function figure(value: number, unit: Unit): string {
  switch (unit) {
    case "operations/s":
    case "entries/s":
      return `${short(value)}/s`;
    case "bytes/entry":
      return `${short(value)} bytes`;
    case "us":
      return time(value * 1e3);
    case "ms":
      return time(value * 1e6);
  }
}

/** How many times: `2.3×`, `1.04×`, `31×`. */
export function times(factor: number): string {
  return `${factor < 10 ? significant(factor) : count(factor)}×`;
}

/** A range of factors. Equal ends are one. */
export function timesRange(factors: readonly number[]): string {
  const [least, most] = [times(Math.min(...factors)), times(Math.max(...factors))];
  return least === most ? least : `${least.slice(0, -1)} to ${most}`;
}

/** A number of entries as a label: `1,000`, `1 M`. */
export function sizeLabel(size: number): string {
  return size >= 1e6 && size % 1e5 === 0 ? `${size / 1e6} M` : count(size);
}

/** `1 thread`, `4 threads`. */
export function amount(number: number, word: string): string {
  return `${count(number)} ${word}${number === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
