import type { Core } from "./core.ts";
import { fetchNode } from "./node-pages.ts";

/**
 * Gives up all pages of a tree, and all chains of its keys and values. O(pages).
 *
 * @throws StoreCorruptError (`STORE_CORRUPT`)
 */
export function dropTree(core: Core, root: number): void {
  const { memory } = core;
  const waiting: { number: number; level: number | undefined }[] = [
    { number: root, level: undefined },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { number } = next;
    core.prepare();
    const { isLeaf, level, link, cells } = fetchNode(memory, number, next.level);
    if (!isLeaf) waiting.push({ number: link, level: level - 1 });
    for (const { child, keyChain, valueChain } of cells) {
      if (!isLeaf) waiting.push({ number: child, level: level - 1 });
      if (keyChain !== undefined) {
        core.prepare();
        if (memory.open().exports.dropChain(keyChain.first) === 0) throw memory.fault();
      }
      if (valueChain !== undefined) core.freeChain(valueChain.first, valueChain.length);
    }
    if (memory.open().exports.dropPage(number) === 0) throw memory.fault();
  }
}
