/*
 * Objects that have a map within, such as sets. Their classes say here how to find it: then `save`, `load` and `attach`
 * know them, and nobody else can reach the map.
 */
import type { KeyType } from "./key-types.ts";
import { isMap, type OrderedMap } from "./ordered-map.ts";

/** The map within an object, if it is of some class; runs no code of the object. @internal */
export type MapFinder = (object: object) => OrderedMap<KeyType, unknown> | undefined;

const finders: MapFinder[] = [];

/** Makes the objects of a class known as such that have a map within. @internal */
export function addMapWithin(find: MapFinder): void {
  finders.push(find);
}

/** The map itself, or the one within an object; undefined if there is none. Runs no code of the object. @internal */
export function mapWithin(value: unknown): OrderedMap<KeyType, unknown> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isMap(value)) return value as OrderedMap<KeyType, unknown>;
  for (const find of finders) {
    const map = find(value);
    if (map !== undefined) return map;
  }
  return undefined;
}
