/*
 * What value words stand for. The tree is generic over this: a class V whose methods take a value word.
 *
 *     block(word): usize   the block that belongs to the entry alone and goes with it; 0 if there is none
 *     bytes(word): u32     the size of that block, retire tail included
 *     isNumber(): bool     whether words are numbers, so that `put` may combine them (combine.ts)
 */
import { retireAfterwards } from "@masstree/session/assembly";

/** Value words that stand for nothing else. */
@unmanaged
export class PlainWords {
  block(_word: u64): usize {
    return 0;
  }
  bytes(_word: u64): u32 {
    return 0;
  }
  isNumber(): bool {
    return true;
  }
}

/** Plans that the block of a value word is retired once the write has removed the word from the tree. */
export function retireValue<V extends PlainWords>(word: u64): void {
  const block = changetype<V>(0).block(word);
  if (block !== 0) retireAfterwards(block, changetype<V>(0).bytes(word));
}
