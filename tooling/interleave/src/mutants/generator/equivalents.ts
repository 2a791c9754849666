// Mutants that no check can see, each with the reason why: they do what the core does.
import type { Edit } from "../mutant.ts";
import { type Candidate, keyOf } from "./candidates.ts";

/** A mutant that does what the core does, and why. */
export interface EquivalentMutant extends Edit {
  readonly reason: string;
}

/** The reasons, by mutant. Throws if a reason is about a mutant that there is not, or not any more. */
export function reasonsFor(
  equivalents: readonly EquivalentMutant[],
  candidates: readonly Candidate[],
): ReadonlyMap<string, string> {
  const keys = new Set(candidates.map(({ edit }) => keyOf(edit)));
  const reasons = new Map<string, string>();
  for (const mutant of equivalents) {
    const key = keyOf(mutant);
    if (!keys.has(key))
      throw new Error(`there is a reason for a mutant that does not exist: ${key}`);
    reasons.set(key, mutant.reason);
  }
  return reasons;
}
