// Is there an order of the calls that explains what they returned, and that keeps the order of calls
// of which one returned before the other was made?
//
// Wing, Gong, 'Testing and verifying concurrent objects' (JPDC 1993), with the improvements of Lowe,
// 'Testing for linearizability' (CCPE 2017): a configuration (which calls have taken effect, and
// the state they led to) that was reached before is not searched again. Calls on independent parts of
// the object (keys of a map) are checked apart, which is what makes long histories feasible: Horn,
// Kroening, 'Faster linearizability checking via P-compositionality' (FORTE 2015).
//
// The search walks over a list of calls and returns in the order of their stamps:
//
//   call A | call B | return A | call C | return B | return C
//
// A call that the model allows next takes effect: its call and return are lifted out of the list and
// the walk starts over. A return that is reached belongs to a call that should have taken effect by
// now: the last lifted call is put back and the walk goes on behind it.
//
// A call that never returned (its thread died) has no return in the list: it may take effect or not.
//
// This file knows nothing of schedules: it checks histories of real threads as well.

/** The sequential object. States are values: `step` never changes one. */
export interface Model<State, Input, Output> {
  readonly initial: State;
  /**
   * The state after a call in `state`, or undefined when such a call cannot return `output` there.
   * For a call that never returned, `output` is undefined and every outcome is allowed.
   */
  step(state: State, input: Input, output: Output | undefined): State | undefined;
  /** Equal for equal states only. */
  keyOf(state: State): string | number;
  /** Calls with different parts do not influence each other. */
  partOf?(input: Input): string;
}

/** One call of a history. */
export interface Call<Input, Output> {
  readonly thread: number;
  readonly input: Input;
  /** What it returned; undefined when it never did. */
  readonly output: Output | undefined;
  /** Stamps of one counter that every thread sees grow. `returned` is infinite for no return. */
  readonly called: number;
  readonly returned: number;
}

/** Why a history is not linearizable. */
export interface Violation<Input, Output> {
  readonly part: string;
  /** The part's calls by their stamps. */
  readonly calls: readonly Call<Input, Output>[];
  /** The longest order that was found, in which every call fits. */
  readonly longest: readonly Call<Input, Output>[];
}

/** The first part that no order explains; undefined when the history is linearizable. */
export function findViolation<State, Input, Output>(
  model: Model<State, Input, Output>,
  history: readonly Call<Input, Output>[],
): Violation<Input, Output> | undefined {
  const parts = new Map<string, Call<Input, Output>[]>();
  for (const call of history) {
    const part = model.partOf?.(call.input) ?? "";
    const calls = parts.get(part);
    if (calls === undefined) parts.set(part, [call]);
    else calls.push(call);
  }
  for (const [part, calls] of parts) {
    const longest = search(model, calls);
    if (longest !== undefined) {
      const sorted = [...calls].sort((a, b) => a.called - b.called);
      return { part, calls: sorted, longest };
    }
  }
  return undefined;
}

interface Entry<Input, Output> {
  readonly call: Call<Input, Output>;
  readonly index: number;
  /** The return that belongs to a call; undefined for a return, and for a call without one. */
  readonly match: Entry<Input, Output> | undefined;
  readonly isReturn: boolean;
  readonly stamp: number;
  previous: Entry<Input, Output> | undefined;
  next: Entry<Input, Output> | undefined;
}

/** Undefined when there is an order; else the calls of the longest one found. */
function search<State, Input, Output>(
  model: Model<State, Input, Output>,
  calls: readonly Call<Input, Output>[],
): Call<Input, Output>[] | undefined {
  if (calls.length === 1) {
    const [{ input, output }] = calls as [Call<Input, Output>];
    return model.step(model.initial, input, output) === undefined ? [] : undefined;
  }
  const head = listOf(calls);
  const taken = new Uint32Array((calls.length + 31) >>> 5);
  const reached = new Set<string>();
  const lifted: { entry: Entry<Input, Output>; state: State }[] = [];
  let longest: Call<Input, Output>[] = [];
  let state = model.initial;
  let unreturned = calls.reduce((sum, { returned }) => sum + (returned < Infinity ? 1 : 0), 0);
  let entry = head.next;
  while (unreturned > 0) {
    if (entry !== undefined && !entry.isReturn) {
      const { call, index, match } = entry;
      const after = model.step(state, call.input, match === undefined ? undefined : call.output);
      if (after !== undefined) {
        taken[index >>> 5]! |= 1 << (index & 31);
        const configuration = `${taken.join()} ${model.keyOf(after)}`;
        if (!reached.has(configuration)) {
          reached.add(configuration);
          lifted.push({ entry, state });
          state = after;
          lift(entry);
          if (match !== undefined) unreturned--;
          entry = head.next;
          continue;
        }
        taken[index >>> 5]! &= ~(1 << (index & 31));
      }
      entry = entry.next;
      continue;
    }
    // A return, or the end of the list: the calls that took effect so far were not the right ones.
    if (lifted.length >= longest.length) longest = lifted.map(({ entry: { call } }) => call);
    const last = lifted.pop();
    if (last === undefined) return longest;
    state = last.state;
    const { index, match } = last.entry;
    taken[index >>> 5]! &= ~(1 << (index & 31));
    unlift(last.entry);
    if (match !== undefined) unreturned++;
    entry = last.entry.next;
  }
  return undefined;
}

function listOf<Input, Output>(calls: readonly Call<Input, Output>[]): Entry<Input, Output> {
  const entries: Entry<Input, Output>[] = [];
  for (const [index, call] of calls.entries()) {
    const { called, returned } = call;
    const base = { call, index, previous: undefined, next: undefined };
    const match: Entry<Input, Output> | undefined =
      returned < Infinity
        ? { ...base, match: undefined, isReturn: true, stamp: returned }
        : undefined;
    entries.push({ ...base, match, isReturn: false, stamp: called });
    if (match !== undefined) entries.push(match);
  }
  // With equal stamps nothing is known of the order: then the calls overlap.
  entries.sort((a, b) => a.stamp - b.stamp || Number(a.isReturn) - Number(b.isReturn));
  const head = { isReturn: false, index: -1, match: undefined } as Entry<Input, Output>;
  let last = head;
  for (const entry of entries) {
    last.next = entry;
    entry.previous = last;
    last = entry;
  }
  return head;
}

function lift<Input, Output>(entry: Entry<Input, Output>): void {
  unlink(entry);
  if (entry.match !== undefined) unlink(entry.match);
}

function unlift<Input, Output>(entry: Entry<Input, Output>): void {
  if (entry.match !== undefined) relink(entry.match);
  relink(entry);
}

function unlink<Input, Output>(entry: Entry<Input, Output>): void {
  entry.previous!.next = entry.next;
  if (entry.next !== undefined) entry.next.previous = entry.previous;
}

function relink<Input, Output>(entry: Entry<Input, Output>): void {
  entry.previous!.next = entry;
  if (entry.next !== undefined) entry.next.previous = entry;
}
