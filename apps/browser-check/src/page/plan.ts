/*
 * What a worker writes, step by step. The number of completed steps determines the contents of the map.
 * Step s concerns key s mod 500: every fifth step removes it, all others set it.
 */
import type { MassTree } from "masstree";

export interface Entry {
  readonly step: number;
  readonly text: string;
}

const keys = 500;

const keyOf = (name: string, step: number) => `${name}/${step % keys}`;
// Each round shifts by one. Without that, every round would remove the same keys, as 500 is a multiple of 5.
const removes = (step: number) => (step + Math.floor(step / keys)) % 5 === 4;
// From empty to 599 characters, for boxes of many sizes.
const textOf = (step: number) => "x".repeat((step * 37) % 600);

/** Performs a step. */
export function apply(map: MassTree<Entry>, name: string, step: number): void {
  if (removes(step)) map.delete(keyOf(name, step));
  else map.set(keyOf(name, step), { step, text: textOf(step) });
}

/**
 * Checks the contents after `done` steps. One more step may have been interrupted: it must be done
 * completely or not at all.
 *
 * @throws Error for the first key with wrong contents
 */
export function check(map: MassTree<Entry>, name: string, done: number): void {
  for (let key = 0; key < keys; key++) {
    const last = lastStepOf(key, done);
    const found = map.get(`${name}/${key}`);
    const cutOff = done % keys === key && isAfter(found, done);
    if (!cutOff && !isAfter(found, last)) {
      throw new Error(`${name}/${key} is ${JSON.stringify(found)} after ${done} steps`);
    }
  }
}

/** The last of the first `done` steps that concerns a key; below 0 if there is none. */
function lastStepOf(key: number, done: number): number {
  return done - 1 - ((((done - 1 - key) % keys) + keys) % keys);
}

function isAfter(found: Entry | undefined, step: number): boolean {
  if (step < 0 || removes(step)) return found === undefined;
  return found?.step === step && found.text === textOf(step);
}
