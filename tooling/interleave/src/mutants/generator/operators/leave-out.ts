// Leaves a statement out: a store, a mark, a lock, an unlock, a pin, a retire, or another call.
import { type Change, calleeOf, isAction, leaveOut } from "../operator.ts";
import type { Place, Source } from "../source.ts";
import { kinds } from "../syntax.ts";

/** By the name of what is called; the first that matches counts. */
const whatNamesDo: readonly (readonly [RegExp, string])[] = [
  [/^(store|atomic\.(store|or|and|add|sub|xor|xchg|cmpxchg)|memory\.(copy|fill))$/, "a store"],
  [/^(mark|setRoot$|clearRoot$|applyMarks$)/, "a mark"],
  [/^(unlock|abortWrite|dropRegion|release)/, "an unlock"],
  [/^(lock|tryLock|keepRegion|seize|claim)/, "a lock"],
  [/^(pin|unpin|enter|leave$|endOperation)/, "a pin"],
  [/^(retire|free|drop|spill|delist)/, "a retire"],
  [/^(wake|atomic\.notify$)/, "a wake-up"],
  [/^(write|fill|set|store|put|push|append|initialise|init|clear|count|copy|reset|add)/, "a store"],
];

/** What a statement does, by what it calls or assigns; undefined if it is not a call or an assignment. */
export function whatItDoes({ node }: Place, source: Source): string | undefined {
  const { expression } = node;
  if (expression === undefined) return undefined;
  if (expression.kind === kinds.Call) {
    const name = source.textOf(expression.expression!);
    return whatNamesDo.find(([names]) => names.test(name))?.[1] ?? "a call";
  }
  const target =
    expression.kind === kinds.Binary
      ? expression.left
      : expression.kind === kinds.UnaryPostfix
        ? expression.operand
        : undefined;
  // A field of a layout is memory, unless it is static; a local variable is not.
  return target?.kind === kinds.PropertyAccess ? "a store" : undefined;
}

export function* leaveOutStatements(source: Source): Generator<Change> {
  for (const place of source.places) {
    if (!isAction(place)) continue;
    const what = whatItDoes(place, source);
    if (what !== undefined) yield leaveOut(place, `leave out ${what}`, source);
  }
}

/** Calls that take a lock and say whether they did: now they only say so. */
const takes = /^(tryLock|lockOrTimeout|lockNodeOrTimeout|takeOver|take|keepRegion)$/;

export function* leaveOutLocks(source: Source): Generator<Change> {
  for (const place of source.places) {
    const callee = calleeOf(place, source);
    if (callee === undefined || !takes.test(callee) || place.parent?.node.kind === kinds.Expression)
      continue;
    const { start, end } = place.node.range;
    const { function: name } = place;
    yield { operator: "leave out a lock", function: name, start, end, replace: "true" };
  }
}
