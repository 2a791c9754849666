// What an operator is: it looks at a source and says where it could make one mistake, and which.
import type { Place, Source } from "./source.ts";
import { kinds } from "./syntax.ts";

/** One possible mistake: the text from `start` to `end` becomes `replace`. */
export interface Change {
  /** The name of the operator: `leave out an unlock`. */
  readonly operator: string;
  /** The function it is made in. */
  readonly function: string;
  readonly start: number;
  readonly end: number;
  readonly replace: string;
}

export type Operator = (source: Source) => Iterable<Change>;

const statementKinds = new Set(
  [
    "Expression",
    "If",
    "While",
    "Do",
    "For",
    "Variable",
    "Return",
    "Break",
    "Continue",
    "Block",
  ].map((name) => kinds[name]!),
);

export function isStatement({ node }: Place): boolean {
  return statementKinds.has(node.kind);
}

/** A statement that is only a call, an assignment or the like. */
export function isAction({ node }: Place): boolean {
  return node.kind === kinds.Expression;
}

/** The name of what a call calls, `atomic.store` or `unlock`; undefined for anything but a call. */
export function calleeOf({ node }: Place, source: Source): string | undefined {
  if (node.kind !== kinds.Call) return undefined;
  return source.textOf(node.expression!);
}

/** The statement right before or after this one in its list. */
export function neighbour({ node, list }: Place, step: -1 | 1): Place["node"] | undefined {
  const index = list?.indexOf(node) ?? -1;
  return index < 0 ? undefined : list![index + step];
}

/** The statement without itself. Where one is required, an empty block. */
export function leaveOut(place: Place, operator: string, source: Source): Change {
  const { node, list } = place;
  return {
    operator,
    function: place.function,
    start: node.range.start,
    end: source.endOf(node),
    replace: list === undefined ? "{}" : "",
  };
}

// What a mistake in it would show: a slower program, another message, or nothing in what is shipped.
const unimportant =
  /\b(DEBUG|ERROR|precondition|prefetch\w*|SPINS|PATIENCE\w*|\w*NANOSECONDS|unreachable|HARD_\w+|COLLECT_BYTES)\b/;

/** Whether it is only about checks of preconditions, hints, or how long to wait. */
export function isUnimportant(place: Place, source: Source): boolean {
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) {
    const { node } = at;
    const said = node.kind === kinds.If && at !== place ? node.condition! : node;
    if (at !== place && node.kind !== kinds.If) continue;
    if (unimportant.test(source.textOf(said))) return true;
  }
  return false;
}
