// Keeps the state of every block and stops a thread that reaches where it must not.
//
//   unknown --allocate--> live --retire--> retired --free--> free --allocate--> live
//                          `----------------free------------^
//
// - Nobody reaches into a free block. While a thread is inside an allocator function, it may: the
//   allocator keeps its lists in them.
// - A block is retired once, and freed once. One that another thread has read atomically, which is how
//   those read who hold no lock, is not freed without having been retired.
// - A retired block is for those who were pinned when it was retired, until they unpin. Whoever reaches
//   one and was pinned later, or is not pinned, found it: so it was not out of the structure. Its last
//   bytes are the epochs', who keep their lists there.
//
// Memory that was never allocated through the watched functions (headers, participants) is not tracked,
// but for the words in which threads announce that they are pinned, when these are known.
import { Failure } from "../failure.ts";

const granuleShift = 3;

const Unknown = 0;
const Live = 1;
const Retired = 2;
const Free = 3;
const Pin = 4;

const stateNames = ["unknown", "live", "retired", "free"];

/** In `#owners`: another thread than the one that allocated the block has read there atomically. */
const shared = 0x80;

/** Bytes at the end of a retired block that belong to the epochs. */
const retireTail = 8;

/** What a watched function means for blocks. */
export type BlockHook =
  /** Returns a block (0 for none) of as many bytes as the parameter with that number says. */
  | { readonly function: string; readonly does: "allocate"; readonly bytes: 0 | 1 | 2 }
  /** Gives a block back. `bytes`, where there is such a parameter, must be those of the block. */
  | {
      readonly function: string;
      readonly does: "free";
      readonly block: 0 | 1 | 2;
      readonly bytes?: 0 | 1 | 2;
    }
  /** Announces that a block will be freed. */
  | {
      readonly function: string;
      readonly does: "retire";
      readonly block: 0 | 1 | 2;
      readonly bytes?: 0 | 1 | 2;
    }
  /** Part of the allocator: what it calls may touch free blocks. */
  | { readonly function: string; readonly does: "allocator" };

interface Block {
  readonly bytes: number;
  readonly state: number;
  /** What was last done to it. */
  readonly by: string;
  /** When that was. */
  readonly at: number;
}

export class BlockChecker {
  readonly #hooks: readonly BlockHook[];
  readonly #hasRetiring: boolean;
  readonly #states: Uint8Array;
  // 1 + the thread that allocated the block there, and whether it is shared; 0 for none.
  readonly #owners: Uint8Array;
  // Where the block begins that is there, or was there last in any schedule; 0 for none.
  readonly #starts: Uint32Array;
  #blocks = new Map<number, Block>();
  // Moments, to tell what came first; never set back.
  #now = 0;
  // Since when each thread is pinned, infinite when it is not; and who is pinned by which word.
  readonly #pinnedSince: Float64Array;
  readonly #pinnedBy = new Map<number, number>();
  #hasPins = false;
  #savedStates: Uint8Array | undefined;
  #savedOwners: Uint8Array | undefined;
  #savedBlocks = new Map<number, Block>();
  readonly #changed: number[] = [];
  readonly #inside: Int32Array;

  constructor(hooks: readonly BlockHook[], bytes: number, threads: number) {
    this.#hooks = hooks;
    this.#hasRetiring = hooks.some(({ does }) => does === "retire");
    this.#owners = new Uint8Array(bytes >>> granuleShift);
    this.#starts = new Uint32Array(bytes >>> granuleShift);
    this.#pinnedSince = new Float64Array(threads).fill(Number.POSITIVE_INFINITY);
    this.#states = new Uint8Array(bytes >>> granuleShift);
    this.#inside = new Int32Array(threads);
  }

  /**
   * Names the words (8 bytes) in which threads announce that they are pinned: not zero while they are.
   * Without this, anyone may reach a retired block.
   */
  watchPins(addresses: readonly number[]): void {
    for (const address of addresses) this.#states[address >>> granuleShift] = Pin;
    this.#hasPins = true;
  }

  isPin(address: number): boolean {
    return this.#states[address >>> granuleShift] === Pin;
  }

  /** The thread is about to write a word of `watchPins`, which says now whether somebody is pinned. */
  pins(thread: number, address: number, isPinned: boolean): void {
    const pinned = isPinned ? this.#pinnedBy.get(address) : thread;
    if (pinned === undefined) return;
    this.#pinnedSince[pinned] = isPinned ? Number.POSITIVE_INFINITY : ++this.#now;
    this.#pinnedBy.set(address, pinned);
  }

  /** Everybody is to be unpinned. */
  save(): void {
    this.#savedOwners = this.#owners.slice();
    this.#savedStates = this.#states.slice();
    this.#savedBlocks = new Map(this.#blocks);
    this.#changed.length = 0;
  }

  restore(): void {
    const saved = this.#savedStates;
    const savedOwners = this.#savedOwners;
    if (saved === undefined || savedOwners === undefined) throw new Error("nothing was saved");
    for (let index = 0; index < this.#changed.length; index += 2) {
      const start = this.#changed[index]!;
      const end = this.#changed[index + 1]!;
      this.#states.set(saved.subarray(start, end), start);
      this.#owners.set(savedOwners.subarray(start, end), start);
    }
    if (this.#changed.length > 0) this.#blocks = new Map(this.#savedBlocks);
    this.#changed.length = 0;
    this.#inside.fill(0);
    this.#pinnedSince.fill(Number.POSITIVE_INFINITY);
  }

  /** Blocks that are live or retired: what a program leaks when it should be empty. */
  count(state: "live" | "retired" | "free"): number {
    const wanted = stateNames.indexOf(state);
    let count = 0;
    for (const block of this.#blocks.values()) if (block.state === wanted) count++;
    return count;
  }

  /** Where the block begins that has this address, or had it last in any schedule; undefined for none. */
  blockOf(address: number): number | undefined {
    return this.#starts[address >>> granuleShift] || undefined;
  }

  /** Throws when the bytes are of a block that the thread must not reach. */
  access(thread: number, address: number, width: number, site: () => string): void {
    const last = (address + width - 1) >>> granuleShift;
    for (let granule = address >>> granuleShift; granule <= last; granule++) {
      const state = this.#states[granule]!;
      if (state < Retired || state === Pin || this.#inside[thread] !== 0) continue;
      const [block, { bytes, by, at }] = this.#blockAt(granule << granuleShift);
      if (state === Retired) {
        if (!this.#hasPins || this.#pinnedSince[thread]! < at) continue;
        if (address >= block + bytes - retireTail) continue;
      }
      const when = state === Retired ? ` before the thread was pinned` : "";
      throw new Failure(
        state === Retired ? "use-after-retire" : "use-after-free",
        `${site()} of ${address} reaches into the block ${block} of ${bytes} bytes, ` +
          `which was ${by}${when}`,
      );
    }
  }

  /** An atomic read: by others than its owner, it makes a block shared. */
  readAtomically(thread: number, address: number): void {
    const granule = address >>> granuleShift;
    const owner = this.#owners[granule]!;
    if (owner === 0 || owner >= shared || owner === thread + 1) return;
    this.#owners[granule] = owner | shared;
    this.#changed.push(granule, granule + 1);
  }

  enter(thread: number, hook: number, parameters: readonly number[]): void {
    const watched = this.#hooks[hook];
    if (watched === undefined) return;
    if (watched.does === "retire" || watched.does === "free") {
      const pointer = parameters[watched.block]!;
      const bytes = watched.bytes === undefined ? undefined : parameters[watched.bytes];
      // The outermost call counts: the allocator may free through its own functions.
      if (this.#inside[thread] === 0) this.#leave(thread, watched.does, pointer, bytes);
    }
    if (watched.does !== "retire") this.#inside[thread]!++;
  }

  leave(thread: number, hook: number, parameters: readonly number[], result: number): void {
    const watched = this.#hooks[hook];
    if (watched === undefined || watched.does === "retire") return;
    this.#inside[thread]!--;
    if (watched.does === "allocate" && this.#inside[thread] === 0 && result !== 0) {
      this.#allocate(thread, result, parameters[watched.bytes]!);
    }
  }

  /** Bytes that a call of `free` gives up, or that `allocate` gave: a write for the race checker. */
  written(thread: number, hook: number, parameters: readonly number[], result: number): Range {
    const watched = this.#hooks[hook];
    if (watched === undefined || this.#inside[thread] !== (watched.does === "free" ? 1 : 0)) {
      return nothing;
    }
    if (watched.does === "allocate" && result !== 0) {
      return { address: result, length: parameters[watched.bytes]! };
    }
    if (watched.does === "free") {
      const address = parameters[watched.block]!;
      return { address, length: this.#blocks.get(address)?.bytes ?? 0 };
    }
    return nothing;
  }

  #allocate(thread: number, block: number, bytes: number): void {
    const first = block >>> granuleShift;
    const end = (block + bytes + 7) >>> granuleShift;
    for (let granule = first; granule < end; granule++) {
      const state = this.#states[granule]!;
      if (state === Live || state === Retired) {
        const [other, { bytes: size }] = this.#blockAt(granule << granuleShift);
        throw new Failure(
          "bad-block",
          `thread ${thread} was given the block ${block} of ${bytes} bytes, but the block ` +
            `${other} of ${size} bytes is ${stateNames[state]}`,
        );
      }
    }
    // A former block that began inside is no more.
    for (let granule = first; granule < end; granule++) {
      if (this.#states[granule] === Free) this.#blocks.delete(granule << granuleShift);
    }
    this.#set(block, bytes, Live, `allocated by thread ${thread}`);
    this.#owners.fill(thread + 1, first, end);
    this.#starts.fill(block, first, end);
  }

  #leave(thread: number, does: "free" | "retire", pointer: number, bytes: number | undefined) {
    const block = this.#blocks.get(pointer);
    const complain = (why: string) => {
      throw new Failure("bad-block", `thread ${thread} cannot ${does} ${pointer}: ${why}`);
    };
    if (block === undefined) return complain("no block begins there");
    if (block.state === Free) return complain(`it was ${block.by}`);
    if (does === "retire" && block.state === Retired) return complain(`it was ${block.by}`);
    if (bytes !== undefined && bytes !== block.bytes) {
      return complain(`it has ${block.bytes} bytes, not ${bytes}`);
    }
    if (does === "free" && block.state === Live && this.#isShared(pointer, block.bytes)) {
      return complain("others read it without a lock, and it was not retired");
    }
    const state = does === "free" ? Free : Retired;
    return this.#set(
      pointer,
      block.bytes,
      state,
      `${does === "free" ? "freed" : "retired"} by thread ${thread}`,
    );
  }

  #set(block: number, bytes: number, state: number, by: string): void {
    const first = block >>> granuleShift;
    const end = (block + bytes + 7) >>> granuleShift;
    this.#states.fill(state, first, end);
    this.#changed.push(first, end);
    this.#blocks.set(block, { bytes, state, by, at: ++this.#now });
  }

  #isShared(block: number, bytes: number): boolean {
    if (!this.#hasRetiring) return false;
    const end = (block + bytes + 7) >>> granuleShift;
    return this.#owners.subarray(block >>> granuleShift, end).some((owner) => owner >= shared);
  }

  #blockAt(address: number): [number, Block] {
    for (const [block, entry] of this.#blocks) {
      if (block <= address && address < block + entry.bytes) return [block, entry];
    }
    return [address, { bytes: 0, state: Unknown, by: "unknown", at: 0 }];
  }
}

interface Range {
  readonly address: number;
  readonly length: number;
}

const nothing: Range = { address: 0, length: 0 };
