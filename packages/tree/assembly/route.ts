/*
 * A route: the path to a leaf that has become empty, to be unlinked later. It is not a pointer: by the time it is
 * used, its leaf may be gone, full again, or replaced by another. Routes wait in the worklist (worklist.ts).
 *
 *     0   4       next    the route below it in the worklist
 *     4   4       bytes   size of the block
 *     8   4       offset  bytes of prefix: 8 for every layer above the leaf's
 *     12  4       class   with the ikey: the leaf's lower bound
 *     16  8       ikey
 *     24  offset  prefix  the slices that lead to the leaf's layer, then 8 spare bytes
 *
 * Invariants
 *   ROUTE1  A route is in the worklist, or is the work of one participant, or is done. The commit that takes a
 *           route from the worklist makes it the taker's work. So a thread that dies leaves no route that others
 *           cannot find.
 *   ROUTE2  If there is no memory for a route, the participant's own spare one is used. Its header is at the end
 *           of the structure's part of the descriptor, just before the key scratch, which holds its prefix. It is
 *           never in the worklist. It is its participant's work from the commit that empties the leaf until the
 *           leaf has been handled. If the participant dies before, its recoverer copies the spare route to the
 *           worklist. If there is no memory for that either, the leaf stays, empty and marked as pending, until
 *           its layer goes.
 */

import {
  allocate,
  blockBytes,
  KEY_SCRATCH,
  PARTICIPANT_STRUCTURE,
  STRUCTURE_BYTES,
} from "@masstree/memory/assembly";
import {
  Client,
  commitWrite,
  lockNodeOrTimeout,
  participant,
  write32,
} from "@masstree/session/assembly";
import { TreeWords, WORKLIST_HEAD, WORKLIST_LOCK, workField } from "./tree-words";

@unmanaged
export class Route {
  next: u32;
  bytes: u32;
  offset: u32;
  cls: u32;
  ikey: u64;
}

/** Address of a route's prefix. */
export function prefixOf(route: usize): usize {
  return route + offsetof<Route>();
}

/** The route on top of the worklist; 0 when it is empty. */
export function worklistHead(): usize {
  return atomic.load<u32>(WORKLIST_HEAD);
}

/**
 * Creates a route to the leaf with this lower bound, in the layer that `offset` bytes of `key` lead to. 0 if
 * memory is full.
 */
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

/** ROUTE2: this participant's spare route. */
export function spareRoute(): usize {
  if (KEY_SCRATCH !== PARTICIPANT_STRUCTURE + STRUCTURE_BYTES)
    ERROR("a key does not follow the words");
  if (offsetof<TreeWords>() + offsetof<Route>() > STRUCTURE_BYTES) ERROR("the words do not fit");
  return participant + KEY_SCRATCH - offsetof<Route>();
}

/** ROUTE2: whether a route at work is this participant's spare one. */
export function isSpare(route: usize): bool {
  return route === spareRoute();
}

/** Logs that the route at work is on top of the worklist, whose lock is held, and commits. */
export function commitReturn(route: usize): void {
  write32(route + offsetof<Route>("next"), <u32>worklistHead());
  write32(WORKLIST_HEAD, <u32>route);
  write32(workField(), 0);
  commitWrite();
}

/**
 * For a participant that died: puts its route at work back. False if the worklist's lock is not given back for
 * long.
 */
export function tryReturnRoute(route: usize): bool {
  if (!lockNodeOrTimeout<Client>(WORKLIST_LOCK)) return false;
  commitReturn(route);
  return true;
}

/** The same for the spare route: a copy of it goes to the worklist (ROUTE2). */
export function tryReturnSpareRoute(): bool {
  const item = changetype<Route>(spareRoute());
  const copy = createRoute(prefixOf(spareRoute()), item.offset, item.ikey, item.cls);
  // The copy is private until the commit, which also ends the work on the spare route.
  if (copy !== 0) return tryReturnRoute(copy);
  store<u32>(workField(), 0);
  return true;
}
