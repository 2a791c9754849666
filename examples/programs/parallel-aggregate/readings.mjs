// Temperatures of weather stations, and what is to be found out about each station: a summary.
import { tuple } from "masstree";

/**
 * @typedef {readonly [station: string, hour: number]} StationAndHour
 * @typedef {{ count: number, sum: number, min: number, max: number }} Summary in tenths of a degree
 */

/** Keys: a station, and an hour. All readings of a station are neighbours. */
export const stationAndHour = tuple("string", "number");

/**
 * Made-up readings in tenths of a degree, in the order of their keys. One station has half of them, so parts of equal
 * numbers of stations would be far from equal.
 *
 * @param {number} count
 * @param {number} stations
 * @returns {Generator<[StationAndHour, number]>}
 */
export function* makeReadings(count, stations) {
  const large = Math.ceil(count / 2);
  for (let station = 0, made = 0; station < stations; station++) {
    const rest = Math.floor(((count - large) * station) / Math.max(1, stations - 1));
    const name = `station ${String(station + 1).padStart(4, "0")}`;
    const climate = (station * 37) % 250;
    for (let hour = 0; made < large + rest; hour++, made++) {
      const time = 60 * Math.sin((hour * Math.PI) / 12);
      yield [[name, hour], Math.round(climate + time) + ((hour * 7919) % 101) - 50];
    }
  }
}

/**
 * Sums up the readings of a range, for each station in it.
 *
 * @param {import("masstree").MassTreeInline<number, StationAndHour>} readings
 * @param {import("masstree").Range<StationAndHour>} [range]
 * @returns {Map<string, Summary>}
 */
export function summarise(readings, range) {
  const summaries = new Map();
  for (const [[station], tenths] of readings.entries(range)) {
    const one = { count: 1, sum: tenths, min: tenths, max: tenths };
    summaries.set(station, merge(summaries.get(station), one));
  }
  return summaries;
}

/**
 * What two parts of a station's readings say together. The order of the parts does not matter.
 *
 * @param {Summary | undefined} a
 * @param {Summary} b
 * @returns {Summary}
 */
export function merge(a, b) {
  if (a === undefined) return b;
  return {
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}
