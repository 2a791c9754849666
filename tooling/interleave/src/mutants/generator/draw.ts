// Draws mutants with a seed, spread evenly: over the packages, the files of a package, and the operators.
import { randomNumbers } from "../../random.ts";
import type { Candidate } from "./candidates.ts";

/**
 * All candidates, each once, in an order that the seed decides. Any beginning of it is spread evenly: the packages
 * take turns; in a package the file, and in the file the operator, that has had the fewest turns comes next.
 */
export function* draw(candidates: readonly Candidate[], seed: number): Generator<Candidate> {
  const random = randomNumbers(seed);
  const left = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const some = left.get(candidate.package) ?? [];
    some.push(candidate);
    left.set(candidate.package, some);
  }
  const turns = new Map<string, number>();
  const turnsOf = (name: string) => turns.get(name) ?? 0;
  const leastOf = (some: readonly Candidate[], nameOf: (one: Candidate) => string) => {
    const least = Math.min(...some.map((one) => turnsOf(nameOf(one))));
    const rare = some.filter((one) => turnsOf(nameOf(one)) === least);
    const names = [...new Set(rare.map(nameOf))].sort();
    const name = names[Math.floor(random() * names.length)];
    return rare.filter((one) => nameOf(one) === name);
  };
  while (left.size > 0) {
    for (const [name, all] of left) {
      const ofFile = leastOf(all, ({ edit }) => edit.file);
      const ofOperator = leastOf(ofFile, ({ operator }) => operator);
      const drawn = ofOperator[Math.floor(random() * ofOperator.length)]!;
      all.splice(all.indexOf(drawn), 1);
      if (all.length === 0) left.delete(name);
      for (const used of [drawn.edit.file, drawn.operator]) turns.set(used, turnsOf(used) + 1);
      yield drawn;
    }
  }
}
