// Calls on the tree, with what they mean for the sequential map.
//
// A thread's key goes into its key scratch, its value word into its result scratch, before the call and
// outside the schedule: nobody else ever looks there.
import {
  Failure,
  type Machine,
  type MapInput,
  type MapOperation,
  type MapOutput,
  type ScanOptions,
  type ScanResult,
} from "@tooling/interleave/catalog";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Where a participant's scratch areas are, by thread; the observer comes last. */
interface Scratch {
  readonly key: number;
  readonly bound: number;
  readonly result: number;
}

const scratches = new WeakMap<Machine, Scratch[]>();

/** Learns the scratch areas of all attached threads. */
export function learnScratch(machine: Machine): void {
  const all = [...machine.threads, machine.observer];
  scratches.set(
    machine,
    all.map((thread) => ({
      key: Number(machine.call(thread, "keyScratch")),
      bound: Number(machine.call(thread, "boundScratch")),
      result: Number(machine.call(thread, "resultScratch")),
    })),
  );
}

export function scratchOf(machine: Machine, thread: number): Scratch {
  return scratches.get(machine)![thread]!;
}

/** An operation of a tree program. */
export interface TreeOperation extends MapOperation {
  /** Whether it takes locks though it says of no key what it does: its thread may die with them. */
  readonly locks?: boolean;
}

function keyed(
  call: string,
  key: string,
  input: MapInput,
  outcome: (result: number, word: () => string) => MapOutput,
  value?: bigint,
  condition = always,
): TreeOperation {
  const bytes = encoder.encode(key);
  return {
    name: value === undefined ? `${input.does} ${key}` : `${input.does} ${key}=${value}`,
    call,
    args: value === undefined ? [bytes.length] : [bytes.length, condition],
    input,
    before(machine, thread) {
      const { key: at, result } = scratchOf(machine, thread);
      machine.region.write(at, bytes);
      if (value !== undefined) machine.region.writeWord(result, value);
    },
    after(machine, result, thread) {
      const at = scratchOf(machine, thread).result + 8;
      return outcome(Number(result), () => machine.region.view.getBigUint64(at, true).toString());
    },
  };
}

export function get(key: string): TreeOperation {
  return keyed("get", key, { key, does: "get" }, (found, word) => ({
    value: found === 1 ? word() : undefined,
  }));
}

/** Looks a key up together with others, after them, in one call. */
export function find(key: string, ...others: readonly string[]): TreeOperation {
  const keys = [...others, key];
  return {
    name: `find ${keys.join(" ")}`,
    call: "findMany",
    args: [keys.length],
    input: { key, does: "get" },
    before(machine, thread) {
      writeEntries(machine, thread, keys);
    },
    after(machine, result, thread): MapOutput {
      const { view } = machine.region;
      const first = scratchOf(machine, thread).result + 64;
      let value: string | undefined;
      let before = -1;
      for (let left = Number(result), at = first; left > 0; left--) {
        const number = view.getUint32(at, true);
        if (number <= before || number >= keys.length) {
          throw new Failure("check", `key ${number} of ${keys.length} is found after ${before}`);
        }
        if (number === others.length) value = view.getBigUint64(at + 8, true).toString();
        before = number;
        at += view.getUint32(at + 4, true);
      }
      return { value };
    },
  };
}

/** Writes keys as a batch's entries: key length, bytes of the entry, value word, key, padding. */
export function writeEntries(
  machine: Machine,
  thread: number,
  keys: readonly string[],
  valueAt: (index: number) => bigint = () => 0n,
): void {
  const { region } = machine;
  let at = scratchOf(machine, thread).result + 64;
  for (const [index, key] of keys.entries()) {
    const bytes = encoder.encode(key);
    const size = (16 + bytes.length + 7) & ~7;
    region.writeWord(at, BigInt(bytes.length) | (BigInt(size) << 32n));
    region.writeWord(at + 8, valueAt(index));
    region.write(at + 16, bytes);
    at += size;
  }
}

/** Sleeps until a key has a value, or the one that is given. Without the end of a time: it has to be woken. */
export function waitFor(key: string, wanted = 0n): TreeOperation {
  const call = get(key);
  return {
    ...call,
    name: wanted === 0n ? `wait for ${key}` : `wait for ${key}=${wanted}`,
    call: "waitFor",
    before(machine, thread) {
      call.before?.(machine, thread);
      machine.region.writeWord(scratchOf(machine, thread).result + 32, wanted);
    },
  };
}

/** As `wanted` of `watchFor`: the key has no value. */
export const gone = 0xffff_ffff_ffff_ffffn;

/** As `waitFor`, but looks at the key only when a watch tells of it, or has missed something. */
export function watchFor(key: string, wanted = 0n): TreeOperation {
  const name = wanted === gone ? `watch for ${key} to go` : `watch for ${key}`;
  return {
    ...waitFor(key, wanted),
    name: wanted === 0n || wanted === gone ? name : `${name}=${wanted}`,
    call: "watchFor",
  };
}

/** Conditions of writes: PUT_ALWAYS, PUT_IF_PRESENT, PUT_IF_ABSENT and PUT_IF_EQUAL of put.ts. */
export const always = 0;
export const ifPresent = 1;
export const ifAbsent = 2;
export const ifEqual = 3;

/** What writes answer: PUT_REPLACED, PUT_FULL and PUT_REFUSED of put.ts. */
export const replaced = 1;
export const full = 2;
export const refused = 3;

export function set(key: string, value: bigint): TreeOperation {
  const input: MapInput = { key, does: "set", value: value.toString() };
  return keyed(
    "put",
    key,
    input,
    (outcome, word) =>
      outcome === full
        ? { value: undefined, failed: true }
        : { value: outcome === 1 ? word() : undefined },
    value,
  );
}

/** What no value is: it stays where a call leaves the value before, if there was none. */
const nothing = 0xffff_ffff_ffff_ffffn;

/** Sets a key by way of a lane. */
export function setTogether(key: string, value: bigint): TreeOperation {
  return {
    name: `set together ${key}=${value}`,
    call: "putMany",
    args: [1],
    input: { key, does: "set", value: value.toString() },
    before(machine, thread) {
      const { result } = scratchOf(machine, thread);
      writeEntries(machine, thread, [key], () => value);
      machine.region.writeWord(result + 8, nothing);
    },
    after(machine, done, thread): MapOutput {
      if (Number(done) === 0) return { value: undefined, failed: true };
      const before = machine.region.view.getBigUint64(scratchOf(machine, thread).result + 8, true);
      return { value: before === nothing ? undefined : before.toString() };
    },
  };
}

/** Sets a key only if it is there. */
export function replace(key: string, value: bigint): TreeOperation {
  return keyed(
    "put",
    key,
    { key, does: "replace", value: value.toString() },
    (outcome, word) =>
      outcome === full
        ? { value: undefined, failed: true }
        : { value: outcome === replaced ? word() : undefined },
    value,
    ifPresent,
  );
}

/** Sets a key only if it is not there. */
export function insert(key: string, value: bigint): TreeOperation {
  return keyed(
    "put",
    key,
    { key, does: "insert", value: value.toString() },
    (outcome, word) =>
      outcome === full
        ? { value: undefined, failed: true }
        : { value: outcome === refused ? word() : undefined },
    value,
    ifAbsent,
  );
}

/** Adds to a key's value, by COMBINE_ADD of combine.ts for words of 64 bits without a sign. */
export function add(key: string, value: bigint): TreeOperation {
  return keyed(
    "put",
    key,
    { key, does: "add", value: value.toString() },
    (outcome, word) => (outcome === full ? { value: undefined, failed: true } : { value: word() }),
    value,
    16 + 4,
  );
}

/** Sets a key if its value is the expected one; removes it if there is none to set. */
export function compare(key: string, expected: bigint, next?: bigint): TreeOperation {
  const input: MapInput = {
    key,
    does: "compare",
    expected: expected.toString(),
    ...(next !== undefined && { value: next.toString() }),
  };
  const sets = next !== undefined;
  const call = keyed(
    sets ? "put" : "removeEqual",
    key,
    input,
    (outcome) =>
      sets && outcome === full
        ? { value: undefined, failed: true }
        : { value: undefined, existed: outcome === 1 },
    next,
    ifEqual,
  );
  return {
    ...call,
    name: `compare ${key} with ${expected}${sets ? `=${next}` : " and remove"}`,
    before(machine, thread) {
      call.before?.(machine, thread);
      machine.region.writeWord(scratchOf(machine, thread).result + 32, expected);
    },
  };
}

export function remove(key: string): TreeOperation {
  return keyed("remove", key, { key, does: "remove" }, (removed, word) => ({
    value: removed === 1 ? word() : undefined,
  }));
}

const reverseFlag = 1;
const hasStart = 2;
const startInclusive = 4;

/** Turns an entry's value word into its value: plain words are their own. */
type ReadValue = (machine: Machine, thread: number, word: bigint) => string;

/** One step of a scan, by `call`. */
export function scan(
  options: ScanOptions = {},
  call = "scan",
  read: ReadValue = (_machine, _thread, word) => word.toString(),
): TreeOperation {
  const { start, reverse = false, limit = 100 } = options;
  const bytes = encoder.encode(start ?? "");
  const flags = (reverse ? reverseFlag : 0) | (start === undefined ? 0 : hasStart | startInclusive);
  return {
    name: `scan ${reverse ? "down" : "up"}${start === undefined ? "" : ` from ${start}`} ${limit}`,
    call,
    args: [bytes.length, 0, flags, limit],
    scans: options,
    before(machine, thread) {
      machine.region.write(scratchOf(machine, thread).key, bytes);
    },
    after(machine, count, thread): ScanResult {
      const { view, bytes: memory } = machine.region;
      let at = scratchOf(machine, thread).result + 64;
      const entries: [string, string][] = [];
      for (let left = Number(count); left > 0; left--) {
        const length = view.getUint32(at, true);
        // The decoder refuses shared memory: a copy.
        const key = decoder.decode(memory.slice(at + 16, at + 16 + length));
        entries.push([key, read(machine, thread, view.getBigUint64(at + 8, true))]);
        at += view.getUint32(at + 4, true);
      }
      const done = (machine.threads[thread] ?? machine.observer).function("scanDone")() === 1;
      const last = entries.at(-1)?.[0];
      const covers = (key: string) => {
        const started = start === undefined || (reverse ? key <= start : key >= start);
        const reached = done || (last !== undefined && (reverse ? key >= last : key <= last));
        return started && reached;
      };
      return { entries, reverse, covers };
    },
  };
}

/** A call without a key, which changes nothing that readers can see. */
export function calling(call: string, ...args: number[]): TreeOperation {
  return { name: call, call, args };
}

/** A count or an amount that `map.stats()` reads: whoever writes meanwhile, it is a number from 0 on. */
export function statistic(call: string, ...args: number[]): TreeOperation {
  return {
    ...calling(call, ...args),
    name: [call, ...args].join(" "),
    after(_machine, result) {
      if (Number(result) >= 0) return result;
      throw new Failure("check", `${call} gives ${result}`);
    },
  };
}

/** A range as the core takes it: `start` is where it begins, so in reverse the upper bound. Both are within. */
interface CountedRange {
  readonly start?: string;
  readonly end?: string;
  readonly reverse?: boolean;
}

const hasEnd = 8;
const endInclusive = 16;

function ranged(call: string, range: CountedRange, more: readonly number[]): TreeOperation {
  const { start, end, reverse = false } = range;
  const [from, to] = [encoder.encode(start ?? ""), encoder.encode(end ?? "")];
  const flags =
    (reverse ? reverseFlag : 0) |
    (start === undefined ? 0 : hasStart | startInclusive) |
    (end === undefined ? 0 : hasEnd | endInclusive);
  const bounds = `${start === undefined ? "" : ` from ${start}`}${end === undefined ? "" : ` to ${end}`}`;
  return {
    name: `${call}${reverse ? " down" : ""}${bounds}`,
    call,
    args: [from.length, to.length, flags, ...more],
    before(machine, thread) {
      const { key, bound } = scratchOf(machine, thread);
      machine.region.write(key, from);
      machine.region.write(bound, to);
    },
  };
}

/** Counts keys of a range, of which `least` stay and at most `most` are ever there: a count is live. */
export function counting(range: CountedRange, least: number, most: number): TreeOperation {
  const operation = ranged("count", range, [100]);
  return {
    ...operation,
    after(_machine, result) {
      const counted = Number(result);
      if (counted >= least && counted <= most) return result;
      throw new Failure("check", `${operation.name} gives ${counted}, not ${least} to ${most}`);
    },
  };
}

/** Divides the keys of a range. Where is not checked (DIVIDE1), but what is written has to be places. */
export function dividing(range: Pick<CountedRange, "start" | "end"> = {}): TreeOperation {
  const operation = ranged("divide", range, []);
  return {
    ...operation,
    after(machine, result, thread) {
      const { view } = machine.region;
      let at = scratchOf(machine, thread).result + 64;
      for (let left = Number(result); left > 0; left--) {
        const [length, bytes] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
        const weight = view.getFloat64(at + 8, true);
        if (length > 100 || bytes < 16 + length || !(weight >= 0 && weight < 1000)) {
          throw new Failure("check", `${operation.name} gives ${length} bytes, weight ${weight}`);
        }
        at += bytes;
      }
      return result;
    },
  };
}

/**
 * As `operation`, with its allocation number `nth`, from 0, failing: it has to do without, or to give up and
 * say so, having changed nothing.
 */
export function failing(operation: TreeOperation, nth: number): TreeOperation {
  const switchOf = (machine: Machine, thread: number) =>
    machine.threads[thread]!.exports.failAfter as WebAssembly.Global;
  return {
    ...operation,
    name: `${operation.name} without block ${nth}`,
    before(machine, thread) {
      operation.before?.(machine, thread);
      switchOf(machine, thread).value = nth;
    },
    after(machine, result, thread) {
      const hasFailed = switchOf(machine, thread).value === -1;
      switchOf(machine, thread).value = -1;
      const output = operation.after?.(machine, result, thread) as MapOutput | undefined;
      if (output?.failed && !hasFailed) {
        throw new Failure("check", `${operation.name} was refused though it got all its blocks`);
      }
      return output;
    },
  };
}

/** Removes every key, leaf by leaf. */
export const clear: TreeOperation = { name: "clear", call: "clear", isClear: true };

/** Removes the keys of a range that are in one leaf, that of the first of them. */
export function clearing(range: Omit<CountedRange, "reverse">): TreeOperation {
  const { start = "", end = "\u{10ffff}" } = range;
  const clears = (key: string) => start <= key && key <= end;
  return { ...ranged("clearLeaf", range, []), isClear: true, clears };
}

/** Says that those of `threads` that have died are dead: whoever waits for one then takes over from it. */
export function mark(threads: readonly number[]): TreeOperation {
  return aboutTheDead("mark", threads);
}

/** As `mark`, and takes over from them at once. */
export function bury(threads: readonly number[]): TreeOperation {
  return aboutTheDead("bury", threads);
}

/** As `bury`, again and again while what others hold at the time is in the way. */
export function buryAtLast(threads: readonly number[]): TreeOperation {
  return aboutTheDead("buryAtLast", threads);
}

/** Of a thread that has not joined the map: recovers those of `threads` that have died, as a visitor. */
export function visit(threads: readonly number[]): TreeOperation {
  return {
    name: `visit ${threads.join(" and ")}`,
    call: "recoverAsVisitor",
    before(machine) {
      // A thread that visits cannot be named by a descriptor.
      for (const other of threads) {
        if (machine.isDead(other)) machine.threads[other]!.function("abandon")();
      }
    },
  };
}

// The observer has the first participant's number, and thread 0 the second.
function aboutTheDead(call: string, threads: readonly number[]): TreeOperation {
  return {
    name: `${call} ${threads.join(" and ")}`,
    call,
    before(machine, thread) {
      const dead = threads.filter((other) => machine.isDead(other));
      const bits = dead.reduce((word, other) => word | (1 << (other + 1)), 0);
      const bytes = new Uint8Array(Uint32Array.of(bits).buffer);
      machine.region.write(scratchOf(machine, thread).key, bytes);
    },
  };
}
