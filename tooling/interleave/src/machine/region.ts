// The memory that the threads share, and how it becomes again what it was.
//
//   0 .................... limit | thread 0's frames | thread 1's frames | ...
//   what the program may use     | saved by Asyncify, 64 KiB each, never a step
//
// A real memory cannot shrink, so growth is played: the memory has its full size from the start,
// and `size` is what the program is told. Every write names its bytes, so that `restore` copies
// back only the lines that were written since `save`.

const lineShift = 8;
const pageBytes = 65536;

/** Bytes that Asyncify may use to save one thread's frames. */
export const frameBytes: number = pageBytes;

export class Region {
  readonly memory: WebAssembly.Memory;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly view: DataView;
  /** Bytes that the program can have at most. */
  readonly limit: number;
  /** Bytes that the program has. */
  size: number;
  /** False while a setup wants the program to find that there is no more. */
  mayGrow = true;

  readonly #initialSize: number;
  readonly #dirty: Uint8Array;
  readonly #dirtyLines: Int32Array;
  #dirtyCount = 0;
  #saved: Uint8Array | undefined;
  #savedSize = 0;

  constructor(initialPages: number, limitPages: number, threads: number) {
    this.limit = limitPages * pageBytes;
    this.size = initialPages * pageBytes;
    this.#initialSize = this.size;
    const pages = limitPages + (threads * frameBytes) / pageBytes;
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
    this.bytes = new Uint8Array(this.memory.buffer);
    this.words = new Int32Array(this.memory.buffer);
    this.view = new DataView(this.memory.buffer);
    this.#dirty = new Uint8Array(this.limit >>> lineShift);
    this.#dirtyLines = new Int32Array(this.limit >>> lineShift);
  }

  /** Where a thread's frames are saved. */
  frames(thread: number): number {
    return this.limit + thread * frameBytes;
  }

  /** `memory.grow` as the program sees it: the old size in pages, or -1. */
  grow(pages: number): number {
    const before = this.size;
    const after = before + pages * pageBytes;
    if (after > this.limit || !this.mayGrow) return -1;
    this.size = after;
    return before / pageBytes;
  }

  /** To be told of every write of 1 to 16 bytes. */
  touch(address: number, width: number): void {
    const first = address >>> lineShift;
    if (this.#dirty[first] === 0) this.#markLine(first);
    const last = (address + width - 1) >>> lineShift;
    if (last !== first && this.#dirty[last] === 0) this.#markLine(last);
  }

  /** To be told of every longer write. */
  touchRange(address: number, length: number): void {
    if (length === 0) return;
    const last = (address + length - 1) >>> lineShift;
    for (let line = address >>> lineShift; line <= last; line++) {
      if (this.#dirty[line] === 0) this.#markLine(line);
    }
  }

  /** Whether so many bytes hold a value, given as its low and high half. */
  holds(address: number, width: number, low: number, high: number): boolean {
    const { view } = this;
    if (address + width > this.size) return false;
    switch (width) {
      case 1:
        return view.getUint8(address) === (low & 0xff);
      case 2:
        return view.getUint16(address, true) === (low & 0xffff);
      case 4:
        return view.getInt32(address, true) === low;
      default:
        return view.getInt32(address, true) === low && view.getInt32(address + 4, true) === high;
    }
  }

  /** Writes from outside the program, such as a key into a thread's scratch. */
  write(address: number, source: Uint8Array): void {
    this.touchRange(address, source.length);
    this.bytes.set(source, address);
  }

  /** Writes a 64-bit word from outside the program. */
  writeWord(address: number, value: bigint): void {
    this.touch(address, 8);
    this.view.setBigUint64(address, value, true);
  }

  /** Makes the present contents those that `restore` brings back. */
  save(): void {
    if (this.#saved === undefined) {
      this.#saved = this.bytes.slice(0, this.limit);
    } else {
      this.#eachDirty((start, end) => this.#saved!.set(this.bytes.subarray(start, end), start));
    }
    this.#clean();
    this.#savedSize = this.size;
  }

  restore(): void {
    const saved = this.#saved;
    if (saved === undefined) throw new Error("nothing was saved");
    this.#eachDirty((start, end) => this.bytes.set(saved.subarray(start, end), start));
    this.#clean();
    this.size = this.#savedSize;
  }

  /** Back to zeroes, as created. */
  reset(): void {
    this.bytes.fill(0);
    this.#saved = undefined;
    this.#clean();
    this.size = this.#initialSize;
  }

  #markLine(line: number): void {
    this.#dirty[line] = 1;
    this.#dirtyLines[this.#dirtyCount++] = line;
  }

  #eachDirty(visit: (start: number, end: number) => void): void {
    for (let index = 0; index < this.#dirtyCount; index++) {
      const start = this.#dirtyLines[index]! << lineShift;
      visit(start, start + (1 << lineShift));
    }
  }

  #clean(): void {
    for (let index = 0; index < this.#dirtyCount; index++) {
      this.#dirty[this.#dirtyLines[index]!] = 0;
    }
    this.#dirtyCount = 0;
  }
}
