import type { Core } from "./core.ts";
import { readNode } from "./node-pages.ts";

/**
 * Gives up all pages of a tree, and all chains of its keys and values. O(pages).
 *
 * @throws StoreCorruptError (`STORE_CORRUPT`)
 */
export function dropTree(core: Core, root: number): void {
  const { memory } = core;
  const waiting = [root];
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    core.prepare();
    const { exports } = memory.open();
    if (exports.copyPage(number, memory.stageAddress()) === 0) throw memory.fault();
    // A copy: the stage is used for chains.
    const { isLeaf, link, cells } = readNode(memory.stage(1).slice(), number);
    if (!isLeaf) waiting.push(link);
    for (const { child, keyChain, valueChain } of cells) {
      if (!isLeaf) waiting.push(child);
      if (keyChain !== undefined) {
        core.prepare();
        if (memory.open().exports.dropChain(keyChain.first) === 0) throw memory.fault();
      }
      if (valueChain !== undefined) core.freeChain(valueChain.first, valueChain.length);
    }
    if (memory.open().exports.dropPage(number) === 0) throw memory.fault();
  }
}
