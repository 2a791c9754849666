// Which words two threads touch, one of them writing.
//
// To stop a thread before a step that touches no such word is the same as to stop it before its next
// step that does: what comes between is seen by nobody. So an exhaustive search needs to consider
// preemptions at contended words only. What is contended is learned: a round explores with what the
// rounds before have seen, and the last round has seen nothing new.

/** Learns the contended words over many schedules. */
export class Contention {
  // Low half: threads that read the word; high half: threads that wrote it.
  readonly #seen: Uint32Array;
  #frozen: Uint8Array | undefined;
  readonly #contended: number[] = [];

  constructor(bytes: number) {
    this.#seen = new Uint32Array(bytes >>> 3);
  }

  /** How many words are known to be contended. */
  get words(): number {
    return this.#contended.length;
  }

  /** From here on `has` answers by what is known now; before, it always says yes. */
  freeze(): void {
    this.#frozen ??= new Uint8Array(this.#seen.length);
    for (const word of this.#contended) this.#frozen[word] = 1;
  }

  unfreeze(): void {
    this.#frozen = undefined;
    this.#seen.fill(0);
    this.#contended.length = 0;
  }

  has(address: number, length: number): boolean {
    const frozen = this.#frozen;
    if (frozen === undefined) return true;
    const last = (address + Math.max(length, 1) - 1) >>> 3;
    for (let word = address >>> 3; word <= last; word++) if (frozen[word] === 1) return true;
    return false;
  }

  touch(thread: number, address: number, length: number, writes: boolean): void {
    const bits = writes ? 0x10001 << thread : 1 << thread;
    const last = (address + length - 1) >>> 3;
    for (let word = address >>> 3; word <= last; word++) {
      const before = this.#seen[word]!;
      if ((before & bits) === bits) continue;
      const after = (before | bits) >>> 0;
      this.#seen[word] = after;
      if (isContended(after) && !isContended(before)) this.#contended.push(word);
    }
  }
}

function isContended(bits: number): boolean {
  const touched = bits & 0xffff;
  return bits >>> 16 !== 0 && (touched & (touched - 1)) !== 0;
}
