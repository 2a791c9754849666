/**
 * What value words stand for. The tree is generic over this: a class V whose methods take a value word.
 *
 *     block(word): usize   the block that belongs to the entry alone and goes with it; 0 when there is none
 *     bytes(word): u32     the size of that block, retire tail included
 */
import { retireAfterwards } from "./transaction";

/** Value words that are just words. */
@unmanaged
export class PlainWords {
  block(_word: u64): usize {
    return 0;
  }
  bytes(_word: u64): u32 {
    return 0;
  }
}

/** Has what a value word stands for retired, once the transaction has taken it out of the tree. */
export function retireValue<V extends PlainWords>(word: u64): void {
  const block = changetype<V>(0).block(word);
  if (block !== 0) retireAfterwards(block, changetype<V>(0).bytes(word));
}
