/*
 * The worklist: routes to leaves that have become empty, to be unlinked later. The reference defers such removals
 * too.
 *
 * Invariant
 *   WORKLIST1  The worklist is a stack under its own lock, which is taken last: the write that empties a leaf puts
 *              the route to that leaf on top.
 */

import { addPrivate, free, reachTo } from "@masstree/memory/assembly";
import { abortWrite, commitWrite, participant, write32, write64 } from "@masstree/session/assembly";
import { commitReturn, prefixOf, Route, spareRoute, worklistHead } from "./route";
import { WORKLIST_HEAD, WORKLIST_LOCK, workField } from "./tree-words";
import { lockNode } from "./wait";

/** Plans that a new route is added to the worklist. */
export function pushRoute(route: usize): void {
  lockNode(WORKLIST_LOCK);
  changetype<Route>(route).next = <u32>worklistHead();
  write32(WORKLIST_HEAD, <u32>route);
}

/**
 * For the case that there is no memory for a route: plans that the spare route is this participant's work
 * (ROUTE2).
 */
export function writeSpareRoute(key: usize, offset: u32, ikey: u64, cls: u32): void {
  const route = spareRoute();
  const item = changetype<Route>(route);
  item.offset = offset;
  item.cls = cls;
  item.ikey = ikey;
  if (prefixOf(route) !== key) memory.copy(prefixOf(route), key, offset);
  write32(workField(), <u32>route);
}

/** Ends the work on the spare route. */
export function endSpareRoute(): void {
  store<u32>(workField(), 0);
}

/** Takes a route from the worklist, as this participant's work (ROUTE1). 0 if there is none. */
export function popRoute(): usize {
  if (worklistHead() === 0) return 0;
  lockNode(WORKLIST_LOCK);
  const route = worklistHead();
  if (route === 0) {
    abortWrite();
    return 0;
  }
  reachTo(route, <u32>offsetof<Route>());
  reachTo(route, changetype<Route>(route).bytes);
  write32(WORKLIST_HEAD, changetype<Route>(route).next);
  write32(workField(), <u32>route);
  commitWrite();
  return route;
}

/** Plans that a route leads elsewhere. */
export function writeAim(route: usize, offset: u32, ikey: u64, cls: u32): void {
  write32(route + offsetof<Route>("offset"), offset);
  write32(route + offsetof<Route>("cls"), cls);
  write64(route + offsetof<Route>("ikey"), ikey);
}

/** Puts the route at work back. It leads to where the work stopped. */
export function returnRoute(route: usize): void {
  lockNode(WORKLIST_LOCK);
  commitReturn(route);
}

/** Ends the work on a route, and frees it. */
export function endRoute(route: usize): void {
  const bytes = changetype<Route>(route).bytes;
  addPrivate(participant, route, bytes);
  store<u32>(workField(), 0);
  free(participant, route, bytes);
}
