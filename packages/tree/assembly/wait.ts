/*
 * Waiting for a node of the tree. The instance reaches all of the node, and recovers an owner that has died.
 */
import {
  endOperation as endAnyOperation,
  lockNode as lockAnyNode,
  stableVersion,
} from "@masstree/session/assembly";
import { TreeClient } from "./client";

/** Takes a node's lock for the write in the journal. */
export function lockNode(node: usize): void {
  lockAnyNode<TreeClient>(node);
}

/** Waits until a node is not dirty and returns its version. */
export function stable(node: usize): u64 {
  return stableVersion<TreeClient>(node);
}

/**
 * Ends an operation that may have retired something. Unpins, and recovers the participant that blocks reclamation,
 * if its thread has ended.
 */
export function endOperation(): void {
  endAnyOperation<TreeClient>();
}
