// What a thread of a scenario can be. Each role checks what it can know, and throws at once.

import type { TreeInstance } from "./instance.ts";
import { chase, flee } from "./roles/chase.ts";
import { come } from "./roles/come.ts";
import { contend } from "./roles/contend.ts";
import { follow, overwrite, readAt, readSorted, renew, rounds, triangle } from "./roles/hot.ts";
import { own } from "./roles/own.ts";
import { slide, trail } from "./roles/slide.ts";
import { know, scan, witness } from "./roles/watch.ts";
import { crowd, fill, grow, press, removeAll, swap, toggle } from "./roles/write.ts";
import type { Shared } from "./shared.ts";

export interface Context {
  readonly tree: TreeInstance;
  readonly thread: number;
  readonly threads: number;
  readonly shared: Shared;
  /** Numbers in [0, 1), different in each thread. */
  readonly random: () => number;
  /** Waits for the other threads: every role calls it once, when it is prepared. */
  readonly start: () => void;
}

export interface Report {
  /** How much was done: to see that a scenario did something. */
  operations: number;
  /** What the thread left in the map, by the number of its key, as far as it alone decides. */
  entries: [index: number, value: number][];
  /** What else the test wants to know. */
  counts?: number[];
}

export interface Roles {
  chase: typeof chase;
  come: typeof come;
  contend: typeof contend;
  crowd: typeof crowd;
  fill: typeof fill;
  flee: typeof flee;
  follow: typeof follow;
  grow: typeof grow;
  know: typeof know;
  overwrite: typeof overwrite;
  own: typeof own;
  press: typeof press;
  readAt: typeof readAt;
  readSorted: typeof readSorted;
  removeAll: typeof removeAll;
  renew: typeof renew;
  rounds: typeof rounds;
  scan: typeof scan;
  slide: typeof slide;
  swap: typeof swap;
  toggle: typeof toggle;
  trail: typeof trail;
  triangle: typeof triangle;
  witness: typeof witness;
}

export const roles: Roles = {
  chase,
  come,
  contend,
  crowd,
  fill,
  flee,
  follow,
  grow,
  know,
  overwrite,
  own,
  press,
  readAt,
  readSorted,
  removeAll,
  renew,
  rounds,
  scan,
  slide,
  swap,
  toggle,
  trail,
  triangle,
  witness,
};

export type Role = keyof Roles;
export type Options<R extends Role> = Parameters<Roles[R]>[1];
