// Calls on the index: the tree's, on keys of 8 bytes, and those that only an index has.
//
// A key is a letter here. Behind seven zeros it is the 8 bytes that the index compares, so the distance between two keys
// is that of their letters. Where no key is meant, and everywhere in the core, it is the whole text.
import type { MapOutput } from "@tooling/interleave/catalog";
import type { TreeOperation } from "../../../tree/test/explorer/operations.ts";
import * as tree from "../../../tree/test/explorer/operations.ts";

export { calling, clear, failing, statistic } from "../../../tree/test/explorer/operations.ts";

const zeros = "0000000";

/** The key of a letter. */
export function keyOf(letter: string): string {
  return zeros + letter;
}

/** The same operation, whose name has letters instead of keys. */
export function named(operation: TreeOperation): TreeOperation {
  return { ...operation, name: operation.name.replaceAll(zeros, "") };
}

/** Turns a call that is made for a key, and for more, into one that is made for a letter. */
function ofLetter<Rest extends unknown[]>(
  make: (key: string, ...rest: Rest) => TreeOperation,
): (letter: string, ...rest: Rest) => TreeOperation {
  return (letter, ...rest) => named(make(keyOf(letter), ...rest));
}

export const get: (letter: string) => TreeOperation = ofLetter(tree.get);
export const set: (letter: string, value: bigint) => TreeOperation = ofLetter(tree.set);
export const setTogether: typeof set = ofLetter(tree.setTogether);
export const replace: typeof set = ofLetter(tree.replace);
export const insert: typeof set = ofLetter(tree.insert);
export const add: typeof set = ofLetter(tree.add);
export const remove: typeof get = ofLetter(tree.remove);
export const compare: (letter: string, expected: bigint, next?: bigint) => TreeOperation = ofLetter(
  tree.compare,
);

/** Looks a key up together with others, after them, in one call. */
export function find(letter: string, ...others: readonly string[]): TreeOperation {
  return named(tree.find(keyOf(letter), ...others.map(keyOf)));
}

/** A range between two letters, both within. */
interface Letters {
  readonly start?: string;
  readonly end?: string;
  readonly reverse?: boolean;
}

function keysOf({ start, end, ...rest }: Letters): Letters {
  return {
    ...rest,
    ...(start !== undefined && { start: keyOf(start) }),
    ...(end !== undefined && { end: keyOf(end) }),
  };
}

/** One step of a scan. */
export function scan(
  options: Omit<Letters, "end"> & { readonly limit?: number } = {},
): TreeOperation {
  return named(tree.scan({ ...keysOf(options), ...(options.limit && { limit: options.limit }) }));
}

/** Counts keys of a range, of which `least` stay and at most `most` are ever there. */
export function counting(range: Letters, least: number, most: number): TreeOperation {
  return named(tree.counting(keysOf(range), least, most));
}

/** Divides the keys of a range. */
export function dividing(range: Omit<Letters, "reverse"> = {}): TreeOperation {
  return named(tree.dividing(keysOf(range)));
}

/** Removes the keys of a range, one after the other. */
export function clearing(range: Omit<Letters, "reverse">): TreeOperation {
  return named(tree.clearing(keysOf(range)));
}

/** What `rebuild` answers if there is no memory, and what `loadAll` does: REBUILD_FULL and LOAD_FULL. */
const rebuildFull = 2;
const loadFull = 1;

/** Rebuilds the whole map. No key changes, and others' writes wait. */
export const rebuild: TreeOperation = {
  name: "rebuild",
  call: "rebuild",
  locks: true,
  after: (_machine, result): MapOutput => ({
    value: undefined,
    failed: Number(result) === rebuildFull,
  }),
};

/** Loads entries of ascending letters, which win over what is there. The first gets `value`, the next one more, ... */
export function load(letters: string, value: bigint): TreeOperation {
  const keys = Array.from(letters, keyOf);
  const valueAt = (index: number) => value + BigInt(index);
  return {
    name: `load ${letters}=${value}`,
    call: "loadAll",
    args: [keys.length],
    inputs: keys.map((key, index) => ({ key, does: "set", value: valueAt(index).toString() })),
    before(machine, thread) {
      tree.writeEntries(machine, thread, keys, valueAt);
    },
    after: (_machine, result) =>
      Number(result) === loadFull ? { value: undefined, failed: true } : undefined,
  };
}

const automatic = 1 << 16;

/**
 * The options of a map: slots for each key in thousandths, the depth from which on a conflict counts fourfold, the share of
 * tombstones in thousandths, and whether writes rebuild.
 */
export function configure(
  expansion: number,
  depth: number,
  tombstones: number,
  isAutomatic = true,
): TreeOperation {
  return tree.calling("configure", expansion, depth, tombstones, isAutomatic ? automatic : 0);
}
