/*
 * The tree as the explorer runs it, and waiting for a key as src/waiting.ts does, in one call: the same exports in the
 * same order.
 */
import { RESULT_SCRATCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { sleepOn } from "@masstree/tree/assembly/events";
import { beginWait, endWait, eventCount, get, keyEvent } from "@masstree/tree/assembly/module";
import { WORD_OUT, wordExpected } from "@masstree/tree/assembly/scratch";

export * from "./tree";

/** Sleeps until the key has a value, or, unless it is 0, the one at WORD_EXPECTED. It is at WORD_OUT then. */
export function waitFor(length: u32): u32 {
  const wanted = wordExpected();
  const event = keyEvent(length);
  beginWait(event);
  while (true) {
    const seen = eventCount(event); // EVENT2
    const isThere = get(length) !== 0;
    if (isThere && (wanted === 0 || load<u64>(participant + RESULT_SCRATCH, WORD_OUT) === wanted)) {
      endWait(event);
      return 1;
    }
    sleepOn(event, seen, -1);
  }
}
