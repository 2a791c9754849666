// Changes the order of two neighbouring statements: of two stores, or of an atomic store and what is next to it.
import { type Change, isAction, isStatement, neighbour } from "../operator.ts";
import type { Place, Source } from "../source.ts";
import { kinds } from "../syntax.ts";
import { whatItDoes } from "./leave-out.ts";

export function* changeOrder(source: Source): Generator<Change> {
  for (const place of source.places) {
    if (!isAction(place)) continue;
    const next = neighbour(place, 1);
    const isStore = writes(place, source);
    if (next !== undefined && isStore && writes({ ...place, node: next }, source)) {
      yield exchange(place, next, "swap neighbouring stores", source);
      continue;
    }
    if (!isStore || !isShared(place, source)) continue;
    if (next !== undefined && canPass({ ...place, node: next }, source)) {
      yield exchange(place, next, "do an atomic store later", source);
    }
    const before = neighbour(place, -1);
    if (before !== undefined && canPass({ ...place, node: before }, source)) {
      yield exchange({ ...place, node: before }, place.node, "do an atomic store earlier", source);
    }
  }
}

function writes(place: Place, source: Source): boolean {
  const does = isAction(place) ? whatItDoes(place, source) : undefined;
  return does === "a store" || does === "a mark";
}

/** Whether others may see the store: it is atomic, or by a function that hides how it is done. */
function isShared({ node }: Place, source: Source): boolean {
  const text = source.textOf(node);
  return /^atomic\.|^(mark|write|set|clear)[A-Z]/.test(text) || text.includes(".phase");
}

/**
 * Not a return or the like: what follows would never run. Nor a declaration that only reads the thread's own: no order
 * of the two makes a difference.
 */
function canPass(place: Place, source: Source): boolean {
  const { kind } = place.node;
  if (kind === kinds.Variable && !/\(/.test(source.textOf(place.node))) return false;
  return isStatement(place) && ![kinds.Return, kinds.Break, kinds.Continue].includes(kind);
}

function exchange(first: Place, second: Place["node"], operator: string, source: Source): Change {
  const start = first.node.range.start;
  const middle = source.endOf(first.node);
  const end = source.endOf(second);
  const { text } = source;
  const later = text.slice(second.range.start, end);
  const between = text.slice(middle, second.range.start);
  // A comment at the end of the first line stays there.
  const replace = later + between + text.slice(start, middle);
  return { operator, function: first.function, start, end, replace };
}
