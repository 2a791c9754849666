// How `verify` of a structure says what is wrong, and where: JavaScript reads it from the result scratch.
import { RESULT_SCRATCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { DETAIL, WORD_OUT } from "./scratch";

/** Leaves the place in the result scratch: a node, and two words whose meaning depends on the code. */
export function fail(code: u32, node: usize, detail: u64 = 0, detail2: u64 = 0): u32 {
  const result = participant + RESULT_SCRATCH;
  store<u64>(result, node, WORD_OUT);
  store<u64>(result, detail, DETAIL);
  store<u64>(result, detail2, DETAIL + 8);
  return code;
}
