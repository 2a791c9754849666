/*
 * How two states of one bucket differ, without reading what they share: docs/design.md, 'What has changed' (DIFFER1).
 *
 * The search for conflicts finds one key after the other; values are looked up and compared then, for a long one that was
 * only moved or written again has the same bytes. Between two differences nothing is held, and either transaction may
 * change its bucket.
 */
import type { Bounds, Difference, KeyType } from "@masstree/tree";
import { compareBytes } from "./compare-bytes.ts";
import { nextDifference } from "./read-set.ts";
import type { TransactionParts } from "./transaction-parts.ts";

/** Whether two transactions see states of trees of one store, and nothing else. */
export function areStates<V, K extends KeyType>(
  here: TransactionParts<V, K>,
  there: TransactionParts<V, K>,
): boolean {
  const [mine, theirs] = [here.entries.tree, there.entries.tree];
  return (
    mine !== undefined &&
    theirs !== undefined &&
    mine.core === theirs.core &&
    here.codec.kind === there.codec.kind &&
    here.stored.storesAs(there.stored)
  );
}

/** The differences of two that `areStates`, in ascending order. @param bounds not reversed */
export function* stateDifferences<V, K extends KeyType>(
  here: TransactionParts<V, K>,
  there: TransactionParts<V, K>,
  bounds: Bounds,
): Generator<Difference<K, V>, undefined> {
  if (bounds.limit === 0) return undefined;
  const { memory } = here.context.core;
  let rest = bounds;
  while (true) {
    here.checkOpen();
    there.checkOpen();
    const key = nextDifference(memory, here.entries.tree!, there.entries.tree!, rest, false);
    if (key === undefined) return undefined;
    rest = { ...rest, lower: key, lowerInclusive: false };
    const mine = valueIn(here, key);
    const theirs = valueIn(there, key);
    if (mine === undefined && theirs === undefined) continue;
    if (mine !== undefined && theirs !== undefined && compareBytes(mine, theirs) === 0) continue;
    const decoded = here.codec.decode(key, 0, key.length);
    if (mine === undefined) {
      yield { kind: "added", key: decoded, here: undefined, there: there.decode(theirs!) };
    } else if (theirs === undefined) {
      yield { kind: "removed", key: decoded, here: here.decode(mine), there: undefined };
    } else {
      const [before, after] = [here.decode(mine), there.decode(theirs)];
      yield { kind: "changed", key: decoded, here: before, there: after };
    }
  }
}

function valueIn<V, K extends KeyType>(
  parts: TransactionParts<V, K>,
  key: Uint8Array,
): Uint8Array | undefined {
  parts.key.set(key);
  return parts.bytesAt(key.length);
}
