import { isConstant, withThoseAhead } from "./ahead.ts";
import { pairOf, requireList } from "./arguments.ts";
import type { KeyType } from "./key-types.ts";
import { loaderOf, type OrderedMap } from "./ordered-map.ts";

/**
 * Fills a map that has just been created with sorted entries: for `fromSorted` of a class of maps. If anything throws,
 * closes the map, which nobody has seen.
 *
 * @param create makes the map
 * @returns the map
 * @throws TypeError if `entries` is not an iterable of pairs; what `create` and the iterable throw; as `SortedLoader`
 * @internal
 */
export function fillSorted<K extends KeyType, V, M extends OrderedMap<K, V>>(
  create: () => M,
  entries: Iterable<readonly [K, V]>,
): M {
  requireList(entries, "fromSorted");
  const map = create();
  try {
    const loader = loaderOf<K, V>(map);
    withThoseAhead(
      entries,
      (entry) => pairOf(entry, "fromSorted"),
      isConstant,
      ([key, value]) => loader.add(key, value),
    );
    loader.finish();
    return map;
  } catch (error) {
    closeQuietly(map);
    throw error;
  }
}

/** If there is no stack left even for that, the map is closed once it has been collected. */
function closeQuietly(map: { close(): void }): void {
  try {
    map.close();
  } catch {}
}
