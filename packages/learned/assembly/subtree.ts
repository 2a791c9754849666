/*
 * Subtrees that are on their way: built and not yet published, frozen, or out of the map and not yet retired. What a
 * thread was doing with one is in its descriptor, so that whoever recovers it can go on.
 *
 *     building   a list of private nodes, from the first by `link`       the recoverer frees them
 *     frozen     the subtree that is being rebuilt                       the recoverer thaws it
 *     dying      a list of nodes that nothing leads to any more          the recoverer retires them
 *
 * Invariants
 *   SUBTREE1  A node is private (memory's private.ts) until the list `building` leads to it, and is private again
 *             before the list lets go of it.
 *   SUBTREE2  A line is thawed after all lines below it. So a thread that stops in the middle leaves a subtree in which
 *             every frozen line that it owes can be reached through frozen lines, which nobody changes.
 *   SUBTREE3  A dying node is named by `retiring` before `dying` passes it, and is retired after that. `retire`
 *             overwrites its link.
 */
import { retire, wasRetired } from "@masstree/epoch/assembly";
import { addPrivate, free, isPrivate } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { childOf, frozenBy, isChild, stateOf, thaw } from "./line";
import { blockOf, bytesOf, lineAt, linesOf, linkOf, reachNode } from "./node";
import { frameLine, frameNode, setFrame, setFrameLine } from "./scratch";
import { buildingField, dyingField, retiringField } from "./words";

/** Frees the nodes that this participant was building. Can be stopped anywhere, and repeated (SUBTREE1). */
export function freeBuilding(): void {
  while (true) {
    const node = <usize>load<u32>(buildingField());
    if (node === 0) return;
    reachNode(node);
    const block = blockOf(node);
    const bytes = bytesOf(node);
    if (!isPrivate(participant, block)) addPrivate(participant, block, bytes);
    store<u32>(buildingField(), <u32>linkOf(node));
    free(participant, block, bytes);
  }
}

/** Retires the nodes that this participant has taken out of the map. Can be stopped anywhere, and repeated. */
export function retireDying(): void {
  finishRetiring();
  while (true) {
    const node = <usize>load<u32>(dyingField());
    if (node === 0) return;
    store<u32>(retiringField(), <u32>node);
    finishRetiring();
  }
}

/** SUBTREE3. */
function finishRetiring(): void {
  const node = <usize>load<u32>(retiringField());
  if (node === 0) return;
  reachNode(node);
  if (load<u32>(dyingField()) === <u32>node) store<u32>(dyingField(), <u32>linkOf(node));
  const block = blockOf(node);
  if (!wasRetired(participant, block)) retire(participant, block, bytesOf(node));
  store<u32>(retiringField(), 0);
}

/**
 * Thaws what participant `by` has frozen below a node and in it (SUBTREE2). Takes no locks, and can be stopped anywhere
 * and repeated. O(lines).
 */
export function thawSubtree(root: usize, by: u32): void {
  let depth: u32 = 0;
  reachNode(root);
  setFrame(0, root, 0);
  while (true) {
    const node = frameNode(depth);
    const index = frameLine(depth);
    if (index === linesOf(node)) {
      if (depth === 0) return;
      depth--;
      thaw(lineAt(frameNode(depth), frameLine(depth) - 1));
      continue;
    }
    setFrameLine(depth, index + 1);
    const line = lineAt(node, index);
    const state = stateOf(line);
    if (frozenBy(state) !== by) continue;
    if (isChild(state)) {
      reachNode(childOf(state));
      setFrame(++depth, childOf(state), 0);
    } else thaw(line);
  }
}
