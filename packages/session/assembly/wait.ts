/*
 * Waiting for a node: for its lock, or for the end of a marked section. If the owner makes no progress, the
 * waiting thread checks on it, and recovers it if its thread has ended.
 */
import { reachTo } from "@masstree/memory/assembly";
import { isDirty, stableOrTimeout } from "@masstree/nodeversion/assembly";
import { Client } from "./client";
import { lockNodeOrTimeout } from "./journal";
import { recoverOwner } from "./recover";

/**
 * Reaches a node and takes its lock for the write in the journal (JOURNAL1).
 *
 * @param node address of its version word (@masstree/nodeversion)
 */
export function lockNode<C extends Client>(node: usize): void {
  while (!lockNodeOrTimeout<C>(node)) recoverOwner<C>(node);
}

/** Reaches a node, waits until it is not dirty, and returns its version. */
export function stableVersion<C extends Client>(node: usize): u64 {
  reachTo(node, changetype<C>(0).nodeBytes());
  while (true) {
    const version = stableOrTimeout(node);
    if (!isDirty(version)) return version;
    recoverOwner<C>(node);
  }
}
