// All mistakes that the operators can make in the sources of a workspace.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Edit, edit } from "../mutant.ts";
import { type Change, isUnimportant, type Operator } from "./operator.ts";
import { leaveOutChecks } from "./operators/check.ts";
import { changeComparisons, negateConditions } from "./operators/comparison.ts";
import { leaveOutLocks, leaveOutStatements } from "./operators/leave-out.ts";
import { changeOrder } from "./operators/order.ts";
import { skipRecovery } from "./operators/recovery.ts";
import { useStaleValues } from "./operators/stale.ts";
import { type Place, Source } from "./source.ts";

/** A mistake that can be planted. */
export interface Candidate {
  /** The folder of its package: `tree`. */
  readonly package: string;
  readonly operator: string;
  /** The function that it is in. */
  readonly function: string;
  /** Where the changed text begins and ends. */
  readonly line: number;
  readonly lastLine: number;
  /** Where its function begins and ends. */
  readonly functionLines: readonly [first: number, last: number];
  /** File, text before and text after: what identifies it. */
  readonly edit: Edit;
}

// Those whose mistakes have a name of their own come first: the same change under two names counts once.
const operators: readonly Operator[] = [
  skipRecovery,
  leaveOutStatements,
  leaveOutLocks,
  leaveOutChecks,
  changeOrder,
  useStaleValues,
  changeComparisons,
  negateConditions,
];

/** The packages whose AssemblyScript is the core, from the bottom up. */
export const corePackages = [
  "key",
  "permuter",
  "nodeversion",
  "memory",
  "epoch",
  "session",
  "tree",
  "masstree",
] as const;

// Not the core itself: what declares, what only brings lines into the cache, and what only tests build.
const otherFiles = /^(.*\.d|boundary|host|prefetch|precondition|module-debug|bare)\.ts$/;

/** All candidates of a workspace's packages. */
export function candidatesOf(root: string, packages: readonly string[]): Candidate[] {
  return packages.flatMap((name) => {
    const directory = join(root, "packages", name, "assembly");
    return readdirSync(directory)
      .filter((file) => file.endsWith(".ts") && !otherFiles.test(file))
      .sort()
      .flatMap((file) => {
        const text = readFileSync(join(directory, file), "utf8");
        return candidatesIn(new Source(`${name}/assembly/${file}`, text));
      });
  });
}

/** All candidates of one source. */
export function candidatesIn(source: Source): Candidate[] {
  const found = new Map<string, Candidate>();
  const [name = ""] = source.file.split("/");
  const ignored = ignoredParts(source);
  for (const operator of operators) {
    for (const change of operator(source)) {
      if (ignored.some(([start, end]) => start <= change.start && change.start < end)) continue;
      const changed = editOf(source, change);
      const key = keyOf(changed);
      if (found.has(key)) continue;
      found.set(key, {
        package: name,
        operator: change.operator,
        function: change.function,
        line: source.lineOf(change.start),
        lastLine: source.lineOf(change.end),
        functionLines: linesOfFunction(source, change.start),
        edit: changed,
      });
    }
  }
  return [...found.values()];
}

/** The same for the same mistake, as long as the text around it stays. */
export function keyOf({ file, find, replace }: Edit): string {
  const squeeze = (text: string) => text.replace(/\s+/g, " ").trim();
  return `${file}: ${squeeze(find)} => ${squeeze(replace)}`;
}

function linesOfFunction(source: Source, offset: number): [number, number] {
  const around = source.functions.findLast(
    ({ range: { start, end } }) => start <= offset && offset < end,
  );
  const { start, end } = around?.range ?? { start: offset, end: offset };
  return [source.lineOf(start), source.lineOf(end)];
}

function ignoredParts(source: Source): (readonly [number, number])[] {
  return source.places
    .filter((place: Place) => isUnimportant(place, source))
    .map(({ node }) => [node.range.start, source.endOf(node)] as const);
}

/** The change as an edit: whole lines, as many as make its text unique in the file. */
function editOf({ file, text }: Source, { start, end, replace }: Change): Edit {
  let from = text.lastIndexOf("\n", start - 1) + 1;
  let to = text.indexOf("\n", end);
  if (to < 0) to = text.length;
  while (text.split(text.slice(from, to)).length !== 2) {
    if (from > 0) from = text.lastIndexOf("\n", from - 2) + 1;
    else break;
  }
  const after = text.slice(from, start) + replace + text.slice(end, to);
  return edit(file, text.slice(from, to), after);
}
