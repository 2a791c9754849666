/*
 * What a worker commits to a store, one step in each transaction. The number of the last step determines the contents of its
 * bucket: step s sets ten keys, those of group s mod 20, and says that it is the last one.
 */
import { bucket, type ReadTransaction, type WriteTransaction } from "@masstree/btree-store";

const GROUPS = 20;
const GROUP_KEYS = 10;

export const stepsOf = (name: string) => bucket<string>(`steps of ${name}`, { value: "utf8" });

const keyOf = (group: number, i: number) => `group ${group}/${i}`;
// Up to 6,000 characters: some values have pages of their own.
const textOf = (step: number, i: number) => `${step} `.padEnd((step * 577 + i * 1311) % 6000, "x");

/** Takes a step, 1 or a later one. */
export function apply(txn: WriteTransaction<string>, step: number): void {
  txn.set("last", String(step));
  for (let i = 0; i < GROUP_KEYS; i++) txn.set(keyOf(step % GROUPS, i), textOf(step, i));
}

/**
 * Checks that the steps up to the last one are there as a whole, and nothing else.
 *
 * @returns the last step; 0 if there was none
 * @throws Error for the first key with wrong contents
 */
export function check(txn: ReadTransaction<string>): number {
  const last = Number(txn.get("last") ?? 0);
  let count = last === 0 ? 0 : 1;
  for (let group = 0; group < GROUPS; group++) {
    const step = last - ((((last - group) % GROUPS) + GROUPS) % GROUPS);
    for (let i = 0; i < GROUP_KEYS; i++) {
      const found = txn.get(keyOf(group, i));
      const wanted = step > 0 ? textOf(step, i) : undefined;
      if (found !== wanted) {
        const short = (text?: string) =>
          text === undefined ? text : `${text.length}: ${text.slice(0, 20)}`;
        throw new Error(
          `${keyOf(group, i)} is ${short(found)} after step ${last}, not ${short(wanted)}`,
        );
      }
      if (wanted !== undefined) count++;
    }
  }
  if (txn.size !== count) throw new Error(`there are ${txn.size} entries, not ${count}`);
  return last;
}
