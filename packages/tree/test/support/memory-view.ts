// Looks into the memory of a tree, and changes it: to plant what verify has to find. The offsets are
// those drawn in assembly/leaf.ts, internode.ts, suffix.ts and session.ts.
import type { Width } from "./build.ts";
import type { TreeInstance } from "./instance.ts";

/** Where the address of the map's root is kept, and that of the first participant's descriptor. */
const ROOT = 512;
const PARTICIPANTS = 768;
/** A participant's announced epoch, in its descriptor. */
const EPOCH = 384;
/** A participant's count of entries, in its descriptor. */
const ENTRIES = 1472;
/** The allocator's count of blocks that are out. */
export const OUT_BLOCKS = 200;

/** Address of the word of the events that are waited for (tree-words.ts). */
export const WAITED = 520;
/** Bytes from a participant's count of entries to the word of the events that it waits for. */
export const OWN_WAITS = 56;
export const LOCKED_BY_7: bigint = 7n;
export const INSERTING: bigint = 1n << 11n;
export const DELETED: bigint = 1n << 13n;
export const ROOT_BIT: bigint = 1n << 14n;
const LEAF_BIT = 1n << 15n;

export class MemoryView {
  readonly #view: DataView;
  readonly width: Width;

  constructor(tree: TreeInstance, width: Width) {
    this.#view = new DataView(tree.memory.buffer);
    this.width = width;
  }

  u8(at: number): number {
    return this.#view.getUint8(at);
  }

  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }

  u64(at: number): bigint {
    return this.#view.getBigUint64(at, true);
  }

  put8(at: number, value: number): void {
    this.#view.setUint8(at, value);
  }

  put32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  put64(at: number, value: bigint): void {
    this.#view.setBigUint64(at, value, true);
  }

  get root(): number {
    return this.u32(ROOT);
  }

  /** Address of the announced epoch of the first participant. */
  get announced(): number {
    return (this.u32(PARTICIPANTS) & ~1) + EPOCH;
  }

  /** Address of the first participant's count of entries. */
  get entries(): number {
    return (this.u32(PARTICIPANTS) & ~1) + ENTRIES;
  }

  isLeaf(node: number): boolean {
    return (this.u64(node) & LEAF_BIT) !== 0n;
  }

  // Addresses of a leaf's fields.

  permutation = (leaf: number): number => leaf + 8;
  lowest = (leaf: number): number => leaf + 16;
  highest = (leaf: number): number => leaf + 24;
  next = (leaf: number): number => leaf + 32;
  prev = (leaf: number): number => leaf + 36;
  leafParent = (leaf: number): number => leaf + 40;
  bag = (leaf: number): number => leaf + 44;
  tag = (leaf: number, slot: number): number => leaf + 48 + slot;

  /** The mark that a route leads to the leaf. */
  pending = (leaf: number): number => this.value(leaf, this.width) + 1;

  #ikeys(): number {
    return 48 + ((this.width + 7) & ~7) + (this.width > 15 ? 8 : 0);
  }

  ikey = (leaf: number, slot: number): number => leaf + this.#ikeys() + 8 * slot;
  value = (leaf: number, slot: number): number => leaf + this.#ikeys() + 8 * (this.width + slot);

  /** Address of the offset of a slot's suffix. */
  suffix = (leaf: number, slot: number): number => this.u32(this.bag(leaf)) + 8 + 4 * slot;

  // Addresses of an internode's fields.

  count = (node: number): number => node + 8;
  parent = (node: number): number => node + 16;
  separator = (node: number, index: number): number => node + 24 + 8 * index;
  child = (node: number, index: number): number => node + 24 + 8 * this.width + 4 * index;

  /** The entries of a leaf; widths up to 15. */
  size(leaf: number): number {
    return Number(this.u64(this.permutation(leaf)) & 15n);
  }

  /** The slot at a position; widths up to 15. */
  slot(leaf: number, position: number): number {
    return Number((this.u64(this.permutation(leaf)) >> BigInt(4 * position + 4)) & 15n);
  }

  /** The leaves under a root, in order. */
  leaves(root: number): number[] {
    let node = root;
    while (!this.isLeaf(node)) node = this.u32(this.child(node, 0));
    const leaves: number[] = [];
    for (; node !== 0; node = this.u32(this.next(node))) leaves.push(node);
    return leaves;
  }
}
