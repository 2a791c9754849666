/*
 * The invariants as code, over a stack that nobody else is using.
 */
import { retiredRealBytes } from "@masstree/epoch/assembly";
import { liveBytes, realBytes, verifyMemory } from "@masstree/memory/assembly";
import { isDirty, isLocked, loadVersion } from "@masstree/nodeversion/assembly";
import { below, blockAt, bytesFor, STACK, Stack, top } from "./stack";

/** Checks the invariants. 0, or the number of the check that fails. */
export function verify(): u32 {
  const version = loadVersion(STACK);
  if (isLocked(version) || isDirty(version)) return 1; // STACK1
  const it = changetype<Stack>(STACK);
  let size: u32 = 0;
  let bytes: u64 = 0;
  let real: f64 = 0;
  for (let block = top(); block !== 0 && size <= it.size; block = below(block)) {
    const length = blockAt(block).length;
    size++;
    bytes += length;
    real += realBytes(block, bytesFor(length));
  }
  if (size !== it.size || bytes !== it.bytes) return 2; // STACK1
  if (verifyMemory() !== 0) return 3;
  return liveBytes() === real + retiredRealBytes() ? 0 : 4; // STACK3
}
