/**
 * The coalescing queue: leaves that have become empty, to be unlinked later (the reference queues removals likewise).
 *
 * An item is a route, not a pointer: by the time it is looked at, its leaf may be gone, full again, or another's.
 *
 *     0   4       next    item below it in the queue
 *     4   4       bytes   size of the block
 *     8   4       offset  bytes of prefix: 8 for every layer above the leaf's
 *     12  4       class   with the ikey: the leaf's lower bound
 *     16  8       ikey
 *     24  offset  prefix  the slices that lead to the leaf's layer, then 8 spare bytes
 *
 * Invariants
 *  Q1  The queue is a stack, taken whole with one exchange: nobody follows a link of a stack that others can take from.
 *  Q2  Whoever took an item frees it or puts it back.
 */
import { allocate, blockBytes, free, TREE_WORDS } from "@masstree/memory/assembly";
import { participant, TreeWords } from "./session";

@unmanaged
export class Route {
  next: u32;
  bytes: u32;
  offset: u32;
  cls: u32;
  ikey: u64;
}

const HEAD: usize = TREE_WORDS + offsetof<TreeWords>("queue");

export function prefixOf(route: usize): usize {
  return route + offsetof<Route>();
}

export function queueIsEmpty(): bool {
  return atomic.load<u32>(HEAD) === 0;
}

/** Q1: takes all items; they hang together by `next`. */
export function takeQueue(): usize {
  return atomic.xchg<u32>(HEAD, 0);
}

export function pushRoute(route: usize): void {
  while (true) {
    const head = atomic.load<u32>(HEAD);
    changetype<Route>(route).next = head;
    if (atomic.cmpxchg<u32>(HEAD, head, <u32>route) === head) return;
  }
}

/** Queues the leaf with this lower bound in the layer that `offset` bytes of `key` lead to. False when memory is full. */
export function enqueue(key: usize, offset: u32, ikey: u64, cls: u32): bool {
  const bytes = blockBytes(<u32>offsetof<Route>() + offset + 8);
  const route = allocate(participant, bytes);
  if (route === 0) return false;
  const item = changetype<Route>(route);
  item.bytes = bytes;
  item.offset = offset;
  item.cls = cls;
  item.ikey = ikey;
  memory.copy(prefixOf(route), key, offset);
  pushRoute(route);
  return true;
}

export function freeRoute(route: usize): void {
  free(participant, route, changetype<Route>(route).bytes);
}
