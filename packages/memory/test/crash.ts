// The crash harness: an operation's thread dies before each of its writes in turn, another recovers, and
// dies as well before each of its own, until the last one is through. After each, `check` looks at
// what is left.
//
// What a dead thread wrote stays, what it had not written is not there: a trap before the n-th write
// (@tooling/assemblyscript/crash) is the end of a thread, since all of its state but the memory is gone.
import { readFileSync } from "node:fs";
import { mortal } from "@tooling/assemblyscript/crash";

/** An instance that can be told to die. */
export interface Mortal {
  readonly writesLeft: WebAssembly.Global<"i32">;
}

const forever = 0x7fffffff;

/** What `scratchAreas` has to know of a region. */
export interface Participants
  extends Record<"KEY_SCRATCH" | "PARTICIPANT_LOG" | "LOG_BYTES", WebAssembly.Global> {
  participantLimit(): number;
  participantAt(index: number): number;
}

/** Where the scratch areas and logs of all participants are, for `World.save`. */
export function scratchAreas(exports: Participants): [start: number, end: number][] {
  const scratch = exports.KEY_SCRATCH.value;
  const end = exports.PARTICIPANT_LOG.value + exports.LOG_BYTES.value;
  const areas: [number, number][] = [];
  for (let i = 0; i < exports.participantLimit(); i++) {
    const participant = exports.participantAt(i) >>> 0;
    if (participant !== 0) areas.push([participant + scratch, participant + end]);
  }
  return areas;
}

/** Whether a call came to its end, and how many writes it made. */
export interface Run {
  readonly died: boolean;
  readonly writes: number;
}

/** One region, and what puts it back to where it was when `save` was called. */
export class World<Exports extends WebAssembly.Exports> {
  memory!: WebAssembly.Memory;
  /** An instance that never dies. */
  exports!: Exports;
  readonly #plain: WebAssembly.Module;
  readonly #mortal: WebAssembly.Module;
  readonly #imports: (exports: () => Exports) => WebAssembly.Imports;
  readonly #maximum: number;
  #saved: Uint8Array = new Uint8Array();
  /** What is saved: from, to. */
  #ranges: [number, number][] = [];

  constructor(
    file: URL,
    pages: { initial: number; maximum: number },
    imports: (exports: () => Exports) => WebAssembly.Imports = () => ({}),
  ) {
    const binary = readFileSync(file);
    this.#plain = new WebAssembly.Module(binary);
    this.#mortal = new WebAssembly.Module(mortal(binary));
    this.#imports = imports;
    this.#maximum = pages.maximum;
    this.#renew(pages.initial);
  }

  #renew(initial: number): void {
    this.memory = new WebAssembly.Memory({ initial, maximum: this.#maximum, shared: true });
    this.exports = this.#instantiate(this.#plain);
  }

  #instantiate(module: WebAssembly.Module): Exports {
    let exports: Exports | undefined;
    const imports = this.#imports(() => exports as Exports);
    exports = new WebAssembly.Instance(module, { env: { memory: this.memory }, ...imports })
      .exports as Exports;
    return exports;
  }

  /** Remembers the memory, but for ranges that nothing writes to. */
  save(except: readonly (readonly [start: number, end: number])[]): void {
    const bytes = new Uint8Array(this.memory.buffer);
    this.#saved = bytes.slice();
    this.#ranges = [];
    let from = 0;
    for (const [start, end] of [...except].sort((a, b) => a[0] - b[0])) {
      this.#ranges.push([from, start]);
      from = end;
    }
    this.#ranges.push([from, bytes.length]);
  }

  /** Puts the memory back to what it was. */
  restore(): void {
    if (this.memory.buffer.byteLength !== this.#saved.length) {
      this.#renew(this.#saved.length / 65536);
      new Uint8Array(this.memory.buffer).set(this.#saved);
      return;
    }
    const bytes = new Uint8Array(this.memory.buffer);
    for (const [start, end] of this.#ranges) bytes.set(this.#saved.subarray(start, end), start);
  }

  /** Runs something in a thread of its own, which dies before its write number `writes`. */
  run(call: (exports: Exports) => void, writes: number = forever): Run {
    const exports = this.#instantiate(this.#mortal);
    const { writesLeft } = exports as unknown as Mortal;
    writesLeft.value = writes;
    try {
      call(exports);
      return { died: false, writes: writes - writesLeft.value };
    } catch (error) {
      // Any other trap is a broken precondition.
      if (!(error instanceof WebAssembly.RuntimeError) || writesLeft.value !== 0) throw error;
      return { died: true, writes };
    }
  }
}

export interface Crashes<Exports extends WebAssembly.Exports> {
  readonly world: World<Exports>;
  /** What the first thread does. */
  readonly operation: (exports: Exports) => void;
  /** What thread number `by` (from 0) does after all before it have died: flag, and recover, them all. */
  readonly recover: (exports: Exports, by: number) => void;
  /** Looks at what is left; `died` says of which writes. */
  readonly check: (died: string) => void;
  /** How many pairs of crashes to try at most; all if absent. */
  readonly pairs?: number;
}

/**
 * The operation's thread dies before every one of its writes, and after the last; the recoverer never,
 * and then before every one of its own, or before as many of them as there is time for, evenly spread.
 * @returns how often a thread died
 */
export function crashEverywhere<Exports extends WebAssembly.Exports>({
  world,
  operation,
  recover,
  check,
  pairs = Number.POSITIVE_INFINITY,
}: Crashes<Exports>): { single: number; double: number } {
  const recoveries: number[] = [];
  for (let first = 0; ; first++) {
    world.restore();
    const { died } = world.run(operation, first);
    recoveries.push(world.run((exports) => recover(exports, 0)).writes);
    check(`write ${first}`);
    if (!died) break;
  }
  const all = recoveries.reduce((sum, writes) => sum + writes, 0);
  const stride = Math.max(1, all / pairs);
  let double = 0;
  let next = 0;
  let passed = 0;
  for (const [first, writes] of recoveries.entries()) {
    for (; next < passed + writes; next += stride) {
      const second = Math.floor(next - passed);
      world.restore();
      world.run(operation, first);
      world.run((exports) => recover(exports, 0), second);
      world.run((exports) => recover(exports, 1));
      check(`write ${first}, and ${second} of the recovery`);
      double++;
    }
    passed += writes;
  }
  return { single: recoveries.length, double };
}

/** Thread after thread dies somewhere, each recovering those before it, until one does not. */
export function crashInARow<Exports extends WebAssembly.Exports>(
  { world, operation, recover, check }: Crashes<Exports>,
  deaths: readonly number[],
): void {
  world.restore();
  world.run(operation, deaths[0]);
  for (const [by, writes] of deaths.slice(1).entries()) {
    world.run((exports) => recover(exports, by), writes);
  }
  world.run((exports) => recover(exports, deaths.length - 1));
  check(`writes ${deaths.join(", ")}`);
}
