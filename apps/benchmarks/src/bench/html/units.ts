// How axes name and count units.
import type { Unit } from "../result.ts";
import { short, time } from "./numbers.ts";

export function axisOf(unit: Unit): string {
  switch (unit) {
    case "operations/s":
      return "operations per second →";
    case "entries/s":
      return "entries per second →";
    case "bytes/entry":
      return "← bytes per entry";
    default:
      return "← time";
  }
}

export function axisTick(value: number, unit: Unit): string {
  if (unit === "us") return value === 0 ? "0" : time(value * 1e3);
  if (unit === "ms") return value === 0 ? "0" : time(value * 1e6);
  return short(value);
}
