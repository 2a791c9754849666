// What a shape of the tree is, and what the shapes are made of.
//
// A shape is a small map for leaves of a certain width, together with calls on keys close to each
// other. What each call does there is in its comment. `sequences` are for one thread that has to do
// two things within one call of another, such as to free a slot and to fill it again.

import { sharing } from "../support/sharing.ts";
import { calling, scan, type TreeOperation } from "./operations.ts";
import type { Contents } from "./program.ts";

export interface Shape extends Contents {
  readonly name: string;
  /** Every pair of these is a program. */
  readonly calls: readonly TreeOperation[];
  /** Each of these in one thread and each of `calls` in another is a program. */
  readonly sequences?: readonly (readonly TreeOperation[])[];
  /** Calls that allocate, with how many blocks at most: each block is refused in turn, against every call. */
  readonly scarce?: readonly (readonly [call: TreeOperation, blocks: number])[];
  /** Each is a program of its own. */
  readonly chosen?: readonly (readonly (readonly TreeOperation[])[])[];
}

/** Eight bytes: keys that begin with it share a slice. */
export const p = "sharedpf";

/**
 * Keys that begin with `prefix`, in front of those with small letters behind it: so many that one key with this prefix
 * can join them in their leaf, and a second one makes a layer.
 */
export function companions(width: number, prefix: string = p): string[] {
  const letters = Array.from("BDFHJLNPRT").slice(0, sharing(width) - 1);
  return letters.map((letter) => prefix + letter);
}

/** A suffix that no bag has room for that was made for short ones. */
export const long: string = `along${p}${p}${p}${p}x`;

export const quiesce: TreeOperation = calling("quiesce");
export const maintain: TreeOperation = calling("maintain");
export const advance: TreeOperation = calling("tryAdvance");
export const down: TreeOperation = scan({ reverse: true });
export const up: TreeOperation = scan();

/**
 * The first `count` of the keys b, d, ... z, z2, ... z8, z9100, z9102, ..., in ascending order: between any
 * two of them is room for one more.
 */
export function everySecond(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    if (index < 13) return String.fromCharCode(98 + 2 * index);
    return index < 17 ? `z${2 * (index - 12)}` : `z9${100 + 2 * (index - 17)}`;
  });
}
