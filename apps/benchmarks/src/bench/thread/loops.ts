// The timed loops. Each peer runs them in threads of its own, where they see only one class of map, so that the engine
// specialises them as it would specialise a user's program.
//
// A workload of one operation has a loop of its own. Mixes, and maps that answer with promises, go through `call`.
// Each loop tells how many entries it met, which is compared with what it had to meet.
import type { Answer, Entries, PeerMap } from "../peers/peer.ts";
import { SHORT } from "../workloads.ts";
import type { Contents } from "./contents.ts";
import {
  FOR_EACH,
  GET,
  GET_ABSENT,
  GET_FRESH,
  GET_MANY,
  INCREMENT,
  INSERT,
  MODIFY,
  type Program,
  SCAN,
  SCAN_ALL,
  SCAN_BACK,
  SCAN_PREFIX,
  UPDATE,
} from "./program.ts";

/** Runs the steps from `from` up to `to` of a program. Returns how many entries it met. */
export type Loop = (map: PeerMap, program: Program, from: number, to: number) => Answer<number>;

/** Promises that a thread waits for at a time: as many requests as a busy server may have under way. */
export const IN_FLIGHT = 128;

/** Steps between two looks at the clock. */
export function blockOf(program: Program): number {
  const [first] = program.codes;
  if (first === SCAN_ALL || first === FOR_EACH) return 1;
  if (first === GET_MANY || first === SCAN || first === SCAN_BACK || first === SCAN_PREFIX)
    return 4;
  return 256;
}

/** The loop for a program, over maps that answer at once or with promises. */
export function loopFor(program: Program, contents: Contents, async: boolean): Loop {
  if (async) return promises(contents);
  switch (program.single) {
    case GET:
    case GET_ABSENT:
      return get;
    case GET_FRESH:
      return getFresh(contents);
    case GET_MANY:
      return getMany;
    case UPDATE:
      return update;
    case INCREMENT:
      return increment;
    case SCAN:
      return scan;
    case SCAN_BACK:
      return scanBack;
    case SCAN_PREFIX:
      return scanPrefix;
    case SCAN_ALL:
      return scanAll;
    case FOR_EACH:
      return forEach;
    default:
      return mixed(contents);
  }
}

const get: Loop = (map, { keys }, from, to) => {
  let met = 0;
  for (let i = from; i < to; i++) if (map.get(keys[i]!) !== undefined) met++;
  return met;
};

const getFresh =
  ({ reader }: Contents): Loop =>
  (map, { texts }, from, to) => {
    const { numbers } = texts!;
    let met = 0;
    for (let i = from; i < to; i++) if (map.get(reader.text(numbers[i]!)) !== undefined) met++;
    return met;
  };

const getMany: Loop = (map, { batches }, from, to) => {
  let met = 0;
  for (let i = from; i < to; i++) met += present(map.getMany!(batches[i]!) as ArrayLike<unknown>);
  return met;
};

const update: Loop = (map, { keys, values }, from, to) => {
  for (let i = from; i < to; i++) map.set(keys[i]!, values[i]);
  return to - from;
};

const increment: Loop = (map, { keys }, from, to) => {
  for (let i = from; i < to; i++) map.increment!(keys[i]!);
  return to - from;
};

const scan: Loop = (map, { keys }, from, to) => {
  let met = 0;
  for (let i = from; i < to; i++) {
    met += visited(map.range!({ from: keys[i]!, limit: SHORT }) as Iterable<unknown>);
  }
  return met;
};

const scanBack: Loop = (map, { keys }, from, to) => {
  let met = 0;
  for (let i = from; i < to; i++) {
    met += visited(
      map.range!({ from: keys[i]!, reverse: true, limit: SHORT }) as Iterable<unknown>,
    );
  }
  return met;
};

const scanPrefix: Loop = (map, { prefixes }, from, to) => {
  let met = 0;
  for (let i = from; i < to; i++) {
    met += visited(map.range!({ prefix: prefixes[i]!, limit: SHORT }) as Iterable<unknown>);
  }
  return met;
};

const scanAll: Loop = (map) => {
  let met = 0;
  for (const entry of map.entries!() as Iterable<unknown>) if (entry !== undefined) met++;
  return met;
};

const forEach: Loop = (map) => map.forEach!();

const mixed =
  (contents: Contents): Loop =>
  (map, program, from, to) => {
    let met = 0;
    for (let i = from; i < to; i++) {
      met += meets(program.codes[i]!, call(map, program, contents, i));
    }
    return met;
  };

const promises =
  (contents: Contents): Loop =>
  async (map, program, from, to) => {
    let met = 0;
    for (let at = from; at < to; at += IN_FLIGHT) {
      const end = Math.min(to, at + IN_FLIGHT);
      const waiting: Promise<number>[] = [];
      for (let i = at; i < end; i++) {
        const code = program.codes[i]!;
        const answer = call(map, program, contents, i);
        if (answer instanceof Promise) waiting.push(answer.then((found) => read(code, found)));
        else if (isAsync(answer)) waiting.push(visitedLater(answer));
        else met += meets(code, answer);
      }
      for (const found of await Promise.all(waiting)) met += found;
      program.settled = program.grown;
    }
    return met;
  };

/** One step of a program. */
function call(map: PeerMap, program: Program, { reader }: Contents, i: number): unknown {
  switch (program.codes[i]) {
    case GET:
    case GET_ABSENT:
      return map.get(program.back === undefined ? program.keys[i]! : newest(program, i));
    case GET_FRESH:
      return map.get(reader.text(program.texts!.numbers[i]!));
    case GET_MANY:
      return map.getMany!(program.batches[i]!);
    case UPDATE:
      return map.set(program.keys[i]!, program.values[i]);
    case MODIFY:
      return map.modify!(program.keys[i]!, program.values[i]);
    case INSERT: {
      const next = program.grown++;
      const answer = map.set(program.fresh[next]!, program.freshValues[next]);
      if (!(answer instanceof Promise)) program.settled = program.grown;
      return answer;
    }
    case INCREMENT:
      return map.increment!(program.keys[i]!);
    case SCAN:
      return map.range!({ from: program.keys[i]!, limit: SHORT });
    case SCAN_BACK:
      return map.range!({ from: program.keys[i]!, reverse: true, limit: SHORT });
    case SCAN_PREFIX:
      return map.range!({ prefix: program.prefixes[i]!, limit: SHORT });
    case SCAN_ALL:
      return map.entries!();
    default:
      return map.forEach!();
  }
}

/** The key that `latest` means: this thread's own inserts are newer than the entries that it began with. */
function newest({ back, inserted, fresh, settled }: Program, i: number) {
  const distance = back![i]!;
  return distance < settled
    ? fresh[settled - 1 - distance]!
    : inserted[Math.max(0, inserted.length - 1 - (distance - settled))]!;
}

/** How many entries an answer is about. Scans are read only here. */
function meets(code: number, answer: unknown): number {
  switch (code) {
    case GET:
    case GET_ABSENT:
    case GET_FRESH:
      return answer === undefined ? 0 : 1;
    case GET_MANY:
      return present(answer as ArrayLike<unknown>);
    case SCAN:
    case SCAN_BACK:
    case SCAN_PREFIX:
      return visited(answer as Iterable<unknown>);
    case SCAN_ALL: {
      let met = 0;
      for (const entry of answer as Iterable<unknown>) if (entry !== undefined) met++;
      return met;
    }
    case FOR_EACH:
      return answer as number;
    default:
      return 1;
  }
}

function read(code: number, answer: unknown): number | Promise<number> {
  return isAsync(answer) ? visitedLater(answer) : meets(code, answer);
}

function isAsync(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === "object" && answer !== null && Symbol.asyncIterator in answer;
}

function present(found: ArrayLike<unknown>): number {
  let met = 0;
  for (let i = 0; i < found.length; i++) if (found[i] !== undefined) met++;
  return met;
}

function visited(entries: Iterable<unknown>): number {
  let seen = 0;
  for (const entry of entries) {
    if (entry !== undefined) seen++;
    if (seen === SHORT) break;
  }
  return seen;
}

async function visitedLater(entries: AsyncIterable<unknown>): Promise<number> {
  let seen = 0;
  for await (const entry of entries as Exclude<Entries, Iterable<unknown>>) {
    if (entry !== undefined) seen++;
  }
  return seen;
}
