// What threads did in one round, read from their logs, and whether an order explains it.
import { type Call, findViolation, type Model } from "@tooling/interleave/linearizability";
import {
  ANSWER,
  CALLED,
  COMPARE_AND_REMOVE,
  COMPARE_AND_SET,
  callWords,
  DELETE,
  ENTRIES,
  EXCHANGE,
  EXPECTED,
  FIRST_ENTRY,
  GET,
  GET_OR_INSERT,
  HAS,
  type HistoryBoard,
  type HistoryStart,
  KEY,
  KIND,
  keysOf,
  REPLACE,
  RETURNED,
  SCAN,
  SCAN_REVERSE,
  SET,
  SET_IF_ABSENT,
  TAKE,
  UNKNOWN,
  UPDATE,
  VALUE,
} from "./history-plan.ts";

type Does =
  | "get"
  | "has"
  | "set"
  | "replace"
  | "exchange"
  | "setIfAbsent"
  | "getOrInsert"
  | "take"
  | "compareAndSet"
  | "compareAndRemove"
  | "update"
  | "delete";
interface Input {
  readonly key: number;
  readonly does: Does;
  readonly value: number;
  readonly expected: number;
}
type Span = Pick<KeyCall, "thread" | "called" | "returned">;
type KeyCall = Call<Input, number>;

type Meaning = (state: number, value: number, expected: number) => readonly [number, number];

/** What a call makes of a key's value, and answers; `update` answers what its callback was given last. */
const meanings: Readonly<Record<Does, Meaning>> = {
  get: (state) => [state, state],
  has: (state) => [state, Number(state !== 0)],
  set: (_, value) => [value, 0],
  replace: (state, value) => [state === 0 ? 0 : value, state],
  exchange: (state, value) => [value, state],
  setIfAbsent: (state, value) => [state === 0 ? value : state, Number(state === 0)],
  getOrInsert: (state, value) => (state === 0 ? [value, value] : [state, state]),
  take: (state) => [0, state],
  compareAndSet: (state, value, expected) => (state === expected ? [value, 1] : [state, 0]),
  compareAndRemove: (state, _, expected) => (state === expected ? [0, 1] : [state, 0]),
  update: (state, value) => [value, state],
  delete: (state) => [0, Number(state !== 0)],
};

/** One key: its value's number, 0 when it is absent. */
const model: Model<number, Input, number> = {
  initial: 0,
  keyOf: (state) => state,
  partOf: ({ key }) => String(key),
  step(state, { does, value, expected }, output) {
    const [next, answer] = meanings[does](state, value, expected);
    return output === undefined || output === answer ? next : undefined;
  },
};

/** What the threads did in one round. */
export class History {
  scans = 0;
  /** Calls that never returned. */
  pending = 0;
  readonly #keys: readonly string[];
  readonly #calls: KeyCall[] = [];
  readonly #lines: { readonly called: number; readonly text: string }[] = [];
  readonly #spans: Span[] = [];
  #wrong: string | undefined;

  constructor(
    board: HistoryBoard,
    { threads, calls, keys }: Pick<HistoryStart, "threads" | "calls" | "keys">,
    round: number,
  ) {
    this.#keys = keysOf(round, keys);
    for (let thread = 0; thread < threads; thread++) {
      for (let call = 0; call < calls; call++) {
        const log = board.logOf(thread, round) + call * callWords(keys);
        this.#add(board.words, log, thread);
      }
    }
  }

  #add(words: Int32Array, log: number, thread: number): void {
    const at = (index: number) => words[log + index]!;
    const kind = at(KIND);
    if (kind === 0) return;
    const span = { thread, called: at(CALLED), returned: at(RETURNED) || Infinity };
    this.#spans.push(span);
    const isPending = span.returned === Infinity;
    if (isPending) this.pending++;
    const isScan = kind === SCAN || kind === SCAN_REVERSE;
    if (isScan) {
      this.#addScan(words, log, span);
      return;
    }
    const does = doesOf[kind]!;
    const input = { key: at(KEY), does, value: at(VALUE), expected: at(EXPECTED) };
    // One that never returned may have happened at any time since, or not at all.
    const output = isPending ? undefined : at(ANSWER);
    this.#calls.push({ ...span, input, output });
    const compared = does.startsWith("compare") ? ` ${input.expected}` : "";
    const detail = compared + (input.value === 0 ? "" : ` ${input.value}`);
    const answer = output ?? "never returned";
    this.#say(span, `${does} ${JSON.stringify(this.#keys[input.key])}${detail}: ${answer}`);
  }

  /** For each key of the round a scan is a read at some moment from its call to its return. */
  #addScan(words: Int32Array, log: number, span: Span): void {
    // It promises nothing before it returns.
    if (span.returned === Infinity) return;
    this.scans++;
    const isReverse = words[log + KIND] === SCAN_REVERSE;
    const seen = new Map<number, number>();
    let before = isReverse ? this.#keys.length : -1;
    for (let i = 0; i < words[log + ENTRIES]!; i++) {
      const key = words[log + FIRST_ENTRY + 2 * i]!;
      if (key === UNKNOWN) this.#wrong ??= "a scan gave a key that was never there";
      else if (isReverse ? key >= before : key <= before) {
        this.#wrong ??= `a scan gave '${this.#keys[key]}' after '${this.#keys[before]}'`;
      }
      before = key;
      seen.set(key, words[log + FIRST_ENTRY + 2 * i + 1]!);
    }
    for (let key = 0; key < this.#keys.length; key++) {
      const input = { key, does: "get" as const, value: 0, expected: 0 };
      this.#calls.push({ ...span, input, output: seen.get(key) ?? 0 });
    }
    const found = [...seen].map(([key, value]) => `${JSON.stringify(this.#keys[key])} ${value}`);
    this.#say(span, `scan${isReverse ? " in reverse" : ""}: ${found.join(", ")}`);
  }

  #say({ thread, called, returned }: Span, what: string): void {
    this.#lines.push({ called, text: `  ${called}-${returned} thread ${thread} ${what}` });
  }

  complaint(): string | undefined {
    if (this.#wrong !== undefined) return this.#wrong;
    const violation = findViolation(model, this.#calls);
    if (violation === undefined) return undefined;
    return `no order explains the calls on ${JSON.stringify(this.#keys[Number(violation.part)])}`;
  }

  overlapping(): number {
    const spans = this.#spans;
    return spans.filter(({ thread, called }) =>
      spans.some((other) => {
        return other.thread !== thread && other.called < called && other.returned > called;
      }),
    ).length;
  }

  text(): string {
    const sorted = [...this.#lines].sort((a, b) => a.called - b.called);
    return sorted.map(({ text }) => text).join("\n");
  }
}

const doesOf: readonly Does[] = (() => {
  const names: Does[] = [];
  names[GET] = "get";
  names[HAS] = "has";
  names[SET] = "set";
  names[REPLACE] = "replace";
  names[EXCHANGE] = "exchange";
  names[SET_IF_ABSENT] = "setIfAbsent";
  names[GET_OR_INSERT] = "getOrInsert";
  names[TAKE] = "take";
  names[COMPARE_AND_SET] = "compareAndSet";
  names[COMPARE_AND_REMOVE] = "compareAndRemove";
  names[UPDATE] = "update";
  names[DELETE] = "delete";
  return names;
})();
