/*
 * What a worker writes, step by step, such that who knows how many steps are done knows what is there.
 * Step s is about key s mod 500: every fifth step removes it, any other sets it.
 */
import type { MassTree } from "masstree";

export interface Entry {
  readonly step: number;
  readonly text: string;
}

const keys = 500;

const keyOf = (name: string, step: number) => `${name}/${step % keys}`;
// Not every fifth key is removed every time: 500 is a multiple of 5, so rounds shift by one.
const removes = (step: number) => (step + Math.floor(step / keys)) % 5 === 4;
// From one byte to several blocks' worth: boxes of many sizes.
const textOf = (step: number) => "x".repeat((step * 37) % 600);

/** Does a step. */
export function apply(map: MassTree<Entry>, name: string, step: number): void {
  if (removes(step)) map.delete(keyOf(name, step));
  else map.set(keyOf(name, step), { step, text: textOf(step) });
}

/**
 * Checks what is there after `done` steps and perhaps one more, which was cut off: it is done whole or not
 * at all.
 *
 * @throws Error for the first key that is not as it must be
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

/** The last step of the first `done` that is about a key; below 0 when there is none. */
function lastStepOf(key: number, done: number): number {
  return done - 1 - ((((done - 1 - key) % keys) + keys) % keys);
}

function isAfter(found: Entry | undefined, step: number): boolean {
  if (step < 0 || removes(step)) return found === undefined;
  return found?.step === step && found.text === textOf(step);
}
