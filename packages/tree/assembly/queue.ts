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
 *  Q1  The queue is a stack under a lock of its own, which is taken last: a route comes by the transaction that empties its
 *      leaf, and a route that is taken out is in its taker's `work` word, by the same commit.
 *  Q2  So a route is in the queue, or somebody's work, or done; a thread that dies leaves none behind unseen.
 *  Q3  When there is no memory for a route, the participant's own spare one takes its place: it lies in the descriptor, just
 *      before the key scratch, which is its prefix. It is never in the queue, but its participant's work from the commit that
 *      empties the leaf until that is looked after. If the participant dies before, it is copied into the queue; and if there
 *      is no memory for that either, the leaf stays, empty and marked as if a route led to it, until its layer goes.
 */

import {
  allocate,
  blockBytes,
  free,
  KEY_SCRATCH,
  reachTo,
  takeInHand,
} from "@masstree/memory/assembly";
import { participant, QUEUE_HEAD, QUEUE_LOCK, workField } from "./session";
import { abort, commit, take, takeOrTimeout, write32, write64 } from "./transaction";

@unmanaged
export class Route {
  next: u32;
  bytes: u32;
  offset: u32;
  cls: u32;
  ikey: u64;
}

export function prefixOf(route: usize): usize {
  return route + offsetof<Route>();
}

export function queueHead(): usize {
  return atomic.load<u32>(QUEUE_HEAD);
}

/** A route to the leaf with this lower bound, in the layer that `offset` bytes of `key` lead to. 0 when memory is full. */
export function createRoute(key: usize, offset: u32, ikey: u64, cls: u32): usize {
  const bytes = blockBytes(<u32>offsetof<Route>() + offset + 8);
  const route = allocate(participant, bytes);
  if (route === 0) return 0;
  const item = changetype<Route>(route);
  item.bytes = bytes;
  item.offset = offset;
  item.cls = cls;
  item.ikey = ikey;
  memory.copy(prefixOf(route), key, offset);
  return route;
}

/** Plans that a new route comes into the queue. */
export function writeRoute(route: usize): void {
  take(QUEUE_LOCK);
  changetype<Route>(route).next = <u32>queueHead();
  write32(QUEUE_HEAD, <u32>route);
}

/** Q3: this participant's spare route. */
function spareRoute(): usize {
  return participant + KEY_SCRATCH - offsetof<Route>();
}

/** Q3: whether a route at work is this participant's spare one. */
export function isSpare(route: usize): bool {
  return route === spareRoute();
}

/** As `createRoute`, without memory: plans that the spare route is this participant's work (Q3). */
export function writeSpareRoute(key: usize, offset: u32, ikey: u64, cls: u32): void {
  const route = spareRoute();
  const item = changetype<Route>(route);
  item.offset = offset;
  item.cls = cls;
  item.ikey = ikey;
  if (prefixOf(route) !== key) memory.copy(prefixOf(route), key, offset);
  write32(workField(), <u32>route);
}

/** The spare route is done. */
export function endSpareRoute(): void {
  store<u32>(workField(), 0);
}

/** Takes a route out of the queue, to be this participant's work. 0 when there is none. */
export function takeRoute(): usize {
  if (queueHead() === 0) return 0;
  take(QUEUE_LOCK);
  const route = queueHead();
  if (route === 0) {
    abort();
    return 0;
  }
  reachTo(route, <u32>offsetof<Route>());
  reachTo(route, changetype<Route>(route).bytes);
  write32(QUEUE_HEAD, changetype<Route>(route).next);
  write32(workField(), <u32>route);
  commit();
  return route;
}

/** Plans that a route leads elsewhere. */
export function writeAim(route: usize, offset: u32, ikey: u64, cls: u32): void {
  write32(route + offsetof<Route>("offset"), offset);
  write32(route + offsetof<Route>("cls"), cls);
  write64(route + offsetof<Route>("ikey"), ikey);
}

/** Puts the route at work back. It leads to where the work got stuck. */
export function putBackRoute(route: usize): void {
  take(QUEUE_LOCK);
  commitReturn(route);
}

/** Puts the route at work back as it is: its participant died. False when the queue's lock is not given back for long. */
export function returnRoute(route: usize): bool {
  if (!takeOrTimeout(QUEUE_LOCK)) return false;
  commitReturn(route);
  return true;
}

/** The same for the spare route, of which a copy goes to the queue (Q3). */
export function returnSpareRoute(): bool {
  const item = changetype<Route>(spareRoute());
  const copy = createRoute(prefixOf(spareRoute()), item.offset, item.ikey, item.cls);
  // The copy is in the hand until the commit, which says that it is not the spare one that is at work any more.
  if (copy !== 0) return returnRoute(copy);
  endSpareRoute();
  return true;
}

/** With the queue's lock. */
function commitReturn(route: usize): void {
  write32(route + offsetof<Route>("next"), <u32>queueHead());
  write32(QUEUE_HEAD, <u32>route);
  write32(workField(), 0);
  commit();
}

/** The route at work is done: frees it. */
export function endRoute(route: usize): void {
  const bytes = changetype<Route>(route).bytes;
  takeInHand(participant, route, bytes);
  store<u32>(workField(), 0);
  free(participant, route, bytes);
}
