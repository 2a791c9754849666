// The naive model of an allocator: a list of intervals.
import { expect } from "vitest";

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
    expect(end).toBeLessThanOrEqual(memoryBytes);
    expect(address % alignment(real)).toBe(0);
    const other = this.blocks.find((b) => address < b.address + b.real && b.address < end);
    expect(other, `${address}..${end} overlaps`).toBeUndefined();
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
