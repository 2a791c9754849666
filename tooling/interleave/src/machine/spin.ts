// Recognises a thread that waits by looking again and again.
//
// A read at one site of the same unchanged bytes, with no write of its own since, for more than
// `limit` times is taken for a spin: until another thread writes one of the words of that loop,
// going on would only repeat it. Without this an exhaustive search would not end.
//
// It is a guess: a loop that makes progress in its locals alone looks the same. A loop over several things
// shows itself by reads that are not repeated, so it gets more rounds: if it gave way in its middle, no
// schedule would show what it does next to a thread that has stopped before. And a spinning thread is not
// stopped for good: it goes on when no one else can, each time for twice as many rounds. Otherwise a long
// loop would give way after every few rounds to a thread whose wait times out.

/** How many times as many rounds a loop gets in which not every read is repeated. */
const PATIENCE = 8;

const ringSize = 64;
const wordShift = 3;

export class SpinDetector {
  readonly #limit: number;
  /** How many rounds it gets now. */
  #rounds: number;
  // By site: the address last read there, when, and how often in a row unchanged.
  readonly #address: Int32Array;
  readonly #step: Int32Array;
  readonly #read: Int32Array;
  readonly #count: Int32Array;
  readonly #generationOf: Int32Array;
  #generation = 0;
  #reads = 0;
  /** The last read that did not repeat the one before at its site. */
  #lastFresh = 0;
  #ownWrite = 0;
  readonly #ring: Int32Array = new Int32Array(ringSize);
  // The words of the loop that it spins in; all words when the loop was too long.
  #watching: number[] | undefined = [];

  constructor(limit: number, sites: number) {
    this.#limit = limit;
    this.#rounds = limit;
    this.#address = new Int32Array(sites);
    this.#step = new Int32Array(sites);
    this.#read = new Int32Array(sites);
    this.#count = new Int32Array(sites);
    this.#generationOf = new Int32Array(sites);
  }

  /** A new schedule, or a new call: what was read before does not count. */
  reset(): void {
    this.#generation++;
    this.#rounds = this.#limit;
    this.#ownWrite = 0;
  }

  /** Gives it more rounds. */
  forgive(): void {
    this.#generation++;
    this.#rounds *= 2;
  }

  wrote(step: number): void {
    this.#ownWrite = step;
  }

  /** Whether reading `address` at `site` now would be one round too many. */
  isSpinning(site: number, address: number, lastWrite: number): boolean {
    if (this.#generationOf[site] !== this.#generation || this.#address[site] !== (address | 0)) {
      return false;
    }
    const since = this.#step[site]!;
    if (lastWrite > since || this.#ownWrite > since) return false;
    const isPure = this.#lastFresh <= this.#read[site]!;
    if (this.#count[site]! < this.#rounds * (isPure ? 1 : PATIENCE)) return false;
    const length = this.#reads - this.#read[site]!;
    this.#watching = length >= ringSize ? undefined : [];
    for (let back = 1; back <= length && this.#watching !== undefined; back++) {
      this.#watching.push(this.#ring[(this.#reads - back) & (ringSize - 1)]!);
    }
    this.#watching?.push(address >>> wordShift);
    return true;
  }

  /** A read that takes place, `lastWrite` being the last step that wrote its word. */
  read(site: number, address: number, step: number, lastWrite: number): void {
    const again =
      this.#generationOf[site] === this.#generation &&
      this.#address[site] === (address | 0) &&
      lastWrite <= this.#step[site]! &&
      this.#ownWrite <= this.#step[site]!;
    this.#count[site] = again ? this.#count[site]! + 1 : 1;
    if (!again) this.#lastFresh = this.#reads;
    this.#generationOf[site] = this.#generation;
    this.#address[site] = address;
    this.#step[site] = step;
    this.#read[site] = this.#reads;
    this.#ring[this.#reads++ & (ringSize - 1)] = address >>> wordShift;
  }

  /** Whether a write of these bytes by another thread can end the spin. */
  concerns(address: number, width: number): boolean {
    if (this.#watching === undefined) return true;
    const first = address >>> wordShift;
    const last = (address + width - 1) >>> wordShift;
    return this.#watching.some((word) => word >= first && word <= last);
  }
}
