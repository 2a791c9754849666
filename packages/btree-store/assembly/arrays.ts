/*
 * Arrays of words in the region, which only the writer uses, from JavaScript: space.ts says what they hold.
 */
import { RETIRE_TAIL } from "@masstree/epoch/assembly";
import { allocate, reachTo } from "@masstree/memory/assembly";
import { commitWrite, participant, retireAfterwards, write32 } from "@masstree/session/assembly";
import { BOOK_ARRAYS } from "./book";
import { words } from "./words";

function bytesOf(length: u32): u32 {
  return 4 * length + <u32>RETIRE_TAIL;
}

/**
 * Makes an array longer. What is there stays, the rest is 0.
 *
 * @param which 0 to ARRAYS - 1
 * @param length in words, more than before
 * @returns false when the region is full: it is as it was
 */
export function growArray(which: u32, length: u32): bool {
  const pair = <usize>words().book + BOOK_ARRAYS + 8 * which;
  const former = <usize>load<u32>(pair);
  const formerLength = load<u32>(pair, 4);
  const block = allocate(participant, bytesOf(length));
  if (block === 0) return false;
  reachTo(block, bytesOf(length));
  if (former !== 0) memory.copy(block, former, (<usize>formerLength) << 2);
  memory.fill(block + ((<usize>formerLength) << 2), 0, (<usize>(length - formerLength)) << 2);
  write32(pair, <u32>block);
  write32(pair + 4, length);
  if (former !== 0) retireAfterwards(former, bytesOf(formerLength));
  commitWrite();
  return true;
}
