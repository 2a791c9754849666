// Skips a step of a recovery: a statement of a function that cleans up after a dead thread.
import { type Change, isUnimportant, leaveOut } from "../operator.ts";
import type { Source } from "../source.ts";
import { kinds } from "../syntax.ts";

const files = /\/(recover|repair|orphans|claim)\.ts$/;
const functions =
  /^(finish|recover|repair|settle|takeOver|unlockRest|retireRest|rebuild|resume|undo)/;

export function* skipRecovery(source: Source): Generator<Change> {
  const { file } = source;
  for (const place of source.places) {
    const { node, list } = place;
    if (!files.test(file) && !functions.test(place.function)) continue;
    const isStep =
      node.kind === kinds.If || node.kind === kinds.While || node.kind === kinds.Expression;
    if (!isStep || list === undefined || isUnimportant(place, source)) continue;
    // Without its return, a function would not compile.
    if (/^if [\s\S]*return/.test(source.textOf(node)) && node === list.at(-1)) continue;
    yield leaveOut(place, "skip a step of recovery", source);
  }
}
