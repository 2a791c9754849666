// The naive model of an allocator: a list of intervals.
// Asserts with Node's `assert`: blocks come by the hundred thousand, and an `expect` takes longer than to
// allocate one.
import assert from "node:assert/strict";

export interface Block {
  readonly address: number;
  /** What was asked for. */
  readonly bytes: number;
  /** What it takes. */
  readonly real: number;
  /** What every byte that was asked for holds. */
  readonly mark: number;
}

export class Model {
  readonly blocks: Block[] = [];

  get live(): { blocks: number; bytes: number } {
    return {
      blocks: this.blocks.length,
      bytes: this.blocks.reduce((sum, block) => sum + block.real, 0),
    };
  }

  /** Adds a block that overlaps no other, is aligned and lies inside the memory. */
  add(block: Block, memoryBytes: number): void {
    const { address, real } = block;
    const end = address + real;
    assert.ok(end <= memoryBytes, `${address}..${end} ends after the memory`);
    assert.equal(address % alignment(real), 0);
    const other = this.blocks.find((b) => address < b.address + b.real && b.address < end);
    assert.equal(other, undefined, `${address}..${end} overlaps`);
    this.blocks.push(block);
  }

  /** Takes out the block at an index that wraps around; undefined when there is none. */
  take(index: number): Block | undefined {
    const { blocks } = this;
    const [block] = blocks.splice(index % Math.max(1, blocks.length), 1);
    return block;
  }
}

function alignment(real: number): number {
  if (real > 8128) return 4096;
  return real % 64 === 0 ? 64 : 16;
}
