// Uses a stale value instead of a fresh one: a variable keeps what it had, or a second read of the same word gives
// what the first one gave, or a read is made once before a loop instead of in each round.
import type { Change } from "../operator.ts";
import type { Place, Source } from "../source.ts";
import { kinds } from "../syntax.ts";

/** Calls that read memory which others write. */
const reads =
  /\b(atomic\.load|load|loadVersion|stable|stableOrTimeout|permutationOf|permutationHighOf|mapRoot|\w+Of|\w+Word|\w+At|tagIn|valueIn|ikeyIn|childAt|nextOf|parentOf)\s*(<[\w\s]+>)?\(/;

/** A variable that holds what was read, and where it can be used. */
interface Known {
  readonly name: string;
  readonly scope: Place | undefined;
  readonly fn: string;
  readonly end: number;
}

export function* useStaleValues(source: Source): Generator<Change> {
  const known = new Map<string, Known[]>();
  for (const place of source.places) {
    yield* keepOld(place, source);
    yield* hoist(place, source);
    yield* reuse(place, source, known);
    const { node } = place;
    if (node.kind !== kinds.VariableDeclaration || !node.initializer) continue;
    const text = source.textOf(node.initializer);
    if (!reads.test(text)) continue;
    const all = known.get(text) ?? [];
    const { end } = node.range;
    all.push({ name: source.textOf(node.name!), scope: blockOf(place), fn: place.function, end });
    known.set(text, all);
  }
}

/** `version = stable(node)` is left out: the variable keeps what it had. */
function* keepOld(place: Place, source: Source): Generator<Change> {
  const { node, function: name, list } = place;
  const { expression } = node;
  if (node.kind !== kinds.Expression || expression?.kind !== kinds.Binary) return;
  const { left, right } = expression!;
  const isAssignment = /^\s*=\s*$/.test(source.text.slice(left!.range.end, right!.range.start));
  if (!isAssignment || left!.kind !== kinds.Identifier || !reads.test(source.textOf(right!)))
    return;
  const replace = list === undefined ? "{}" : "";
  const { start } = node.range;
  yield { operator: "keep a stale value", function: name, start, end: source.endOf(node), replace };
}

/** A read in a loop is made before the loop. */
function* hoist(place: Place, source: Source): Generator<Change> {
  const { node } = place;
  if (node.kind !== kinds.Variable || !reads.test(source.textOf(node))) return;
  const loop = place.parent?.parent;
  if (place.parent?.node.kind !== kinds.Block || loop === undefined) return;
  if (loop.node.kind !== kinds.While && loop.node.kind !== kinds.Do) return;
  const { start } = loop.node.range;
  const end = source.endOf(node);
  const statement = source.text.slice(node.range.start, end);
  const replace = `${statement} ${source.text.slice(start, node.range.start)}`;
  yield { operator: "read once before a loop", function: place.function, start, end, replace };
}

/** `atomic.load<u32>(at)`, which an earlier variable has read already, becomes that variable. */
function* reuse(
  place: Place,
  source: Source,
  known: ReadonlyMap<string, readonly Known[]>,
): Generator<Change> {
  const { node } = place;
  if (node.kind !== kinds.Call) return;
  const earlier = known
    .get(source.textOf(node))
    ?.findLast(
      ({ fn, scope, end }) =>
        fn === place.function && end < node.range.start && isWithin(place, scope),
    );
  if (earlier === undefined) return;
  const { start, end } = node.range;
  const operator = "keep a stale value";
  yield { operator, function: place.function, start, end, replace: earlier.name };
}

function blockOf(place: Place): Place | undefined {
  let at = place.parent;
  while (at !== undefined && at.node.kind !== kinds.Block) at = at.parent;
  return at;
}

function isWithin(place: Place, scope: Place | undefined): boolean {
  for (let at: Place | undefined = place; at !== undefined; at = at.parent) {
    if (at === scope) return true;
  }
  return false;
}
