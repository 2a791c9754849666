/*
 * The stack in shared memory. It has one node, in the region's header, and a chain of blocks:
 *
 *     STRUCTURE_WORDS                                block, one for each value
 *     0    u64  version: lock and change counter     0    u32    next: the block below, 0 = none
 *     8    u32  top: the newest block, 0 = none      4    u32    length of the value in bytes
 *     12   u32  size: how many blocks                8    bytes  the value
 *     16   u64  bytes: of all values together        -8   u64    the epoch package's, once retired
 *
 * Invariants
 *   STACK1  Whoever holds the lock in `version` alone changes top, size and bytes, by the journal: so all
 *           three change, or none. The write marks the node, so a reader that saw a mixture sees that
 *           `version` changed.
 *   STACK2  A block is filled before the write that publishes it, and does not change afterwards: whoever
 *           is pinned may read it, and everything below it, with plain loads.
 *   STACK3  The write that takes a block out of the chain retires it.
 */
import { pin, RETIRE_TAIL } from "@masstree/epoch/assembly";
import {
  allocate,
  blockBytes,
  FULL,
  OK,
  RESULT_SCRATCH,
  RESULT_SCRATCH_BYTES,
  reachTo,
  STRUCTURE_WORDS,
} from "@masstree/memory/assembly";
import { hasChanged } from "@masstree/nodeversion/assembly";
import {
  abortWrite,
  commitWrite,
  endOperation,
  INSERTS,
  lockNode,
  markNode,
  participant,
  retireAfterwards,
  stableVersion,
  write32,
  write64,
} from "@masstree/session/assembly";
import { StackClient } from "./client";

@unmanaged
export class Stack {
  version: u64;
  top: u32;
  size: u32;
  bytes: u64;
}

@unmanaged
class Block {
  next: u32;
  length: u32;
}

/** The stack's node. */
export const STACK: usize = STRUCTURE_WORDS;
const TOP: usize = STACK + offsetof<Stack>("top");
const SIZE: usize = STACK + offsetof<Stack>("size");
const BYTES: usize = STACK + offsetof<Stack>("bytes");
const VALUE: usize = offsetof<Block>();

/** The longest value in bytes: it passes through the result scratch. */
export const MAX_VALUE_BYTES: usize = RESULT_SCRATCH_BYTES;
/** Where `measure` leaves its answers in the result scratch. */
export const MEASURED_SIZE: usize = offsetof<Stack>("size");
export const MEASURED_BYTES: usize = offsetof<Stack>("bytes");
/** What `pop` answers instead of a length. */
export const EMPTY: i32 = -1;

/** Bytes of the block for a value of this length: its real size, so that all accounts agree on it. */
export function bytesFor(length: u32): u32 {
  return blockBytes(<u32>VALUE + length + <u32>RETIRE_TAIL);
}

/** Where JavaScript puts a value, and finds one. */
function scratch(): usize {
  return participant + RESULT_SCRATCH;
}

/** A block that is in the chain. Another thread may have allocated it in memory that it has just added. */
export function blockAt(address: usize): Block {
  reachTo(address, <u32>VALUE);
  return changetype<Block>(address);
}

/** Logs the three words of the stack (STACK1). */
function writeStack(top: usize, size: u32, bytes: u64): void {
  markNode(STACK, INSERTS);
  write32(TOP, <u32>top);
  write32(SIZE, size);
  write64(BYTES, bytes);
}

/** Puts the value in the result scratch on the stack: OK, or FULL, and then nothing has changed. */
export function push(length: u32): u32 {
  pin(participant);
  const block = allocate(participant, bytesFor(length));
  if (block !== 0) {
    memory.copy(block + VALUE, scratch(), length);
    lockNode<StackClient>(STACK);
    store<u32>(block, <u32>top(), offsetof<Block>("next"));
    store<u32>(block, length, offsetof<Block>("length")); // STACK2
    writeStack(block, load<u32>(SIZE) + 1, load<u64>(BYTES) + length);
    commitWrite();
  }
  endOperation<StackClient>();
  return block === 0 ? FULL : OK;
}

/** Takes the newest value off the stack, into the result scratch. Answers its length, or EMPTY. */
export function pop(): i32 {
  pin(participant);
  lockNode<StackClient>(STACK);
  const block = top();
  let length = EMPTY;
  if (block === 0) abortWrite();
  else {
    length = copy(block);
    writeStack(below(block), load<u32>(SIZE) - 1, load<u64>(BYTES) - length);
    retireAfterwards(block, bytesFor(length)); // STACK3
    commitWrite();
  }
  endOperation<StackClient>();
  return length;
}

/** Copies size and bytes, as they were at one moment (STACK1), to MEASURED_SIZE and MEASURED_BYTES. */
export function measure(): void {
  const it = changetype<Stack>(scratch());
  let version: u64;
  do {
    version = stableVersion<StackClient>(STACK);
    it.size = atomic.load<u32>(SIZE);
    it.bytes = atomic.load<u64>(BYTES);
  } while (hasChanged(STACK, version));
}

/** Pinned, or holding the lock: the newest block, 0 for none. One word and STACK2: no version to check. */
export function top(): usize {
  return atomic.load<u32>(TOP);
}

/** Pinned since `block` was in the chain, or holding the lock: the block below, 0 for none. */
export function below(block: usize): usize {
  return blockAt(block).next;
}

/** Pinned likewise: copies the value of a block to the result scratch. Answers its length. */
export function copy(block: usize): i32 {
  const length = blockAt(block).length;
  reachTo(block, <u32>VALUE + length);
  memory.copy(scratch(), block + VALUE, length);
  return <i32>length;
}
