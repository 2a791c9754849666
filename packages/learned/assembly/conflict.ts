/*
 * A fourth key for a line with three: the line gets a child with all of them.
 */
import { write32, write64, writeCounter } from "@masstree/session/assembly";
import { internodesField, leavesField } from "@masstree/tree/assembly/tree-words";
import { Built, build, NOT_AHEAD } from "./build";
import { ENTRY_PAIR, Entry } from "./fit";
import { childState, keyIn, LINE_SLOTS, stateField, valueIn } from "./line";
import { smallArea } from "./scratch";
import { buildingField } from "./words";

/** Puts an entry among `count` sorted ones in the small area. */
function insertSmall(count: u32, key: u64, value: u64): void {
  let at = smallArea() + <usize>count * ENTRY_PAIR;
  for (; count > 0; count--, at -= ENTRY_PAIR) {
    const before = changetype<Entry>(at - ENTRY_PAIR);
    if (before.key < key) break;
    changetype<Entry>(at).key = before.key;
    changetype<Entry>(at).value = before.value;
  }
  changetype<Entry>(at).key = key;
  changetype<Entry>(at).value = value;
}

/** Plans that a locked line with three entries gets a child with these and another. False if memory is full. */
export function writeConflict(line: usize, key: u64, value: u64): bool {
  for (let slot: u32 = 0; slot < LINE_SLOTS; slot++) {
    insertSmall(slot, keyIn(line, slot), valueIn(line, slot));
  }
  insertSmall(LINE_SLOTS, key, value);
  const child = build(smallArea(), LINE_SLOTS + 1, NOT_AHEAD);
  if (child === 0) return false;
  write64(stateField(line), childState(child)); // LINE2
  write32(buildingField(), 0);
  writeCounter(leavesField(), Built.lines);
  writeCounter(internodesField(), Built.nodes);
  return true;
}
