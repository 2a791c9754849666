// Calls on the stack, with what they mean for a sequential one: a list of numbers. The value n is n times
// the byte n, so a value that is torn, or another's, is seen.
//
// A value goes into its thread's result scratch before the call, and outside the schedule: nobody else ever
// looks there.
import { Failure, type Machine, type Model, type Operation } from "@tooling/interleave/catalog";

/** What a call means. */
export type StackInput =
  /** Without memory if it is refused its block. */
  | { readonly does: "push"; readonly value: number; readonly isRefused?: boolean }
  | { readonly does: "pop" | "peek" | "measure" | "walk" };

export interface StackOperation extends Operation {
  /** Undefined for a call that changes and tells nothing. */
  readonly input?: StackInput;
}

/** The sequential stack, the newest value first. All outputs are strings. */
export function modelOf(initial: readonly number[]): Model<readonly number[], StackInput, string> {
  return {
    initial,
    keyOf: (stack) => stack.join(),
    step(stack, input, output) {
      const [answer, after] = result(stack, input);
      return output === undefined || output === answer ? after : undefined;
    },
  };
}

function result(
  stack: readonly number[],
  input: StackInput,
): [output: string, after: readonly number[]] {
  switch (input.does) {
    case "push":
      return input.isRefused ? ["full", stack] : ["pushed", [input.value, ...stack]];
    case "pop":
      return [String(stack[0]), stack.slice(1)];
    case "peek":
      return [String(stack[0] ?? ""), stack];
    case "measure":
      return [`${stack.length} values, ${stack.reduce((sum, n) => sum + n, 0)} bytes`, stack];
    case "walk":
      return [stack.join(), stack];
  }
}

interface Scratch {
  readonly key: number;
  readonly result: number;
}

const scratches = new WeakMap<Machine, Scratch[]>();

/** Learns where the scratch areas of all attached threads are; the observer's come last. */
export function learnScratch(machine: Machine): void {
  const all = [...machine.threads, machine.observer].map((thread) => ({
    key: Number(machine.call(thread, "keyScratch")),
    result: Number(machine.call(thread, "resultScratch")),
  }));
  scratches.set(machine, all);
}

function scratchOf(machine: Machine, thread: number): Scratch {
  return scratches.get(machine)![thread]!;
}

export function push(value: number): StackOperation {
  return {
    name: `push ${value}`,
    call: "push",
    args: [value],
    input: { does: "push", value },
    before(machine, thread) {
      const bytes = new Uint8Array(value).fill(value);
      machine.region.write(scratchOf(machine, thread).result, bytes);
    },
    after: (_machine, result) => (result === 0 ? "pushed" : "full"),
  };
}

export const pop: StackOperation = {
  name: "pop",
  call: "pop",
  input: { does: "pop" },
  after(machine, length, thread) {
    if (length === -1) return "undefined";
    const at = scratchOf(machine, thread).result;
    const bytes = machine.region.bytes.slice(at, at + Number(length));
    if (bytes.every((byte) => byte === length)) return String(length);
    throw new Failure("check", `a value was torn: ${bytes}`);
  },
};

/** `stats` in JavaScript: two words that have to belong together. */
export const measure: StackOperation = {
  name: "measure",
  call: "measure",
  input: { does: "measure" },
  after(machine, _result, thread) {
    const { view } = machine.region;
    const at = scratchOf(machine, thread).result;
    return `${view.getUint32(at + 12, true)} values, ${view.getBigUint64(at + 16, true)} bytes`;
  },
};

function newest(does: "peek" | "walk", limit: number): StackOperation {
  return {
    name: does,
    call: "walk",
    args: [limit],
    input: { does },
    after(machine, count, thread) {
      const { key } = scratchOf(machine, thread);
      return machine.region.bytes.slice(key, key + Number(count)).join();
    },
  };
}

export const peek: StackOperation = newest("peek", 1);

/** `toArray` in JavaScript: as many as the scratch has room for are more than any stack here has. */
export const walk: StackOperation = newest("walk", 99);

/** A call without a meaning for the sequential stack. */
export function calling(call: string): StackOperation {
  return { name: call, call };
}

/** A push that is refused its block: it has to say so, and to change nothing. */
export function pushWithoutMemory(value: number): StackOperation {
  const allowed = push(value);
  return {
    ...allowed,
    name: `${allowed.name} without memory`,
    input: { does: "push", value, isRefused: true },
    before(machine, thread) {
      allowed.before?.(machine, thread);
      (machine.threads[thread]!.exports.failAfter as WebAssembly.Global).value = 0;
    },
  };
}

/** Says that those of `threads` that died are dead: whoever waits for a lock of theirs recovers them. */
export const mark = (...threads: readonly number[]): StackOperation =>
  aboutTheDead("mark", threads);

/** As `mark`, and recovers them at once. */
export const recover = (...threads: readonly number[]): StackOperation =>
  aboutTheDead("recoverDead", threads, 0);

/** As `recover`, again and again while a lock that a living thread holds is in the way. */
export const recoverAtLast = (...threads: readonly number[]): StackOperation =>
  aboutTheDead("recoverDead", threads, 1);

function aboutTheDead(
  call: string,
  threads: readonly number[],
  ...args: readonly number[]
): StackOperation {
  return {
    name: `${call} ${threads.join(" and ")}`,
    call,
    args,
    before(machine, thread) {
      // The observer has the first participant's number, and thread 0 the second.
      const dead = threads.filter((other) => machine.isDead(other));
      const bits = dead.reduce((word, other) => word | (1 << (other + 1)), 0);
      const bytes = new Uint8Array(Uint32Array.of(bits).buffer);
      machine.region.write(scratchOf(machine, thread).key, bytes);
    },
  };
}
