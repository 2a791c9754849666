// Leaves out a check of a version, or of another word that others change: as if it had not changed.
import { type Change, calleeOf } from "../operator.ts";
import type { Source } from "../source.ts";

const checks = /^(hasChanged|hasSplit|isStale|isDeleted|isLocked|isHeldBy|wasRetired|isHeld)$/;

export function* leaveOutChecks(source: Source): Generator<Change> {
  for (const place of source.places) {
    const callee = calleeOf(place, source);
    if (callee === undefined || !checks.test(callee)) continue;
    const { start, end } = place.node.range;
    const operator = "leave out a version check";
    yield { operator, function: place.function, start, end, replace: "false" };
  }
}
