// Random cases: the first that fails, and the least like it.
import fc from "fast-check";

/** So many cases fast-check tries, after the first that failed, to find lesser ones. */
const MOST_TRIES = 500;

/**
 * Looks for a case that fails. The seed decides what is tried and found.
 *
 * @param fails what is wrong with a case; undefined if nothing is
 */
export function failing<T>(
  cases: fc.Arbitrary<T>,
  { seed, runs }: { readonly seed: number; readonly runs: number },
  fails: (drawn: T) => Error | undefined,
): { readonly drawn: T; readonly failure: Error } | undefined {
  let found: { drawn: T; failure: Error } | undefined;
  let tries = 0;
  const property = fc.property(cases, (drawn) => {
    if (found !== undefined && ++tries > MOST_TRIES) return true;
    const failure = fails(drawn);
    if (failure !== undefined) found = { drawn, failure };
    return failure === undefined;
  });
  // A case that fails is only replaced by a lesser one.
  fc.check(property, { seed, numRuns: runs });
  return found;
}

/**
 * Leaves out of a list what is not needed for it to fail: first large pieces, then each single element. Tries
 * some n log n shorter lists. fast-check alone would try ten thousand for lists of a hundred, and to make a map
 * for each takes longer than a test may.
 *
 * @param fails whether a shorter list fails as well
 */
export function fewest<T>(list: readonly T[], fails: (shorter: readonly T[]) => boolean): T[] {
  let least = [...list];
  for (let size = Math.max(1, least.length >> 1); ; size = Math.max(1, size >> 1)) {
    const before = least.length;
    // From the end: what comes last often only reads.
    for (let end = least.length; end > 0; end -= size) {
      const shorter = [...least.slice(0, Math.max(0, end - size)), ...least.slice(end)];
      if (fails(shorter)) least = shorter;
    }
    if (size === 1 && least.length === before) return least;
  }
}
