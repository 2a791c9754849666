// Makes a failing program small: fewer threads, calls and steps of the setup, and simpler calls, as long as some
// schedule fails in the same way. What is left cannot lose any one of them.
import type { Core } from "../core.ts";
import { Explorer, type Finding, type Strategy } from "../explore.ts";
import { type Generator, programOf } from "./generator.ts";
import type { GeneratedFinding } from "./hunt.ts";
import type { Sketch } from "./sketch.ts";

/** How a smaller program is searched for the failure. */
const strategies: readonly Strategy[] = [
  { kind: "exhaustive", preemptions: 1, schedules: 500 },
  { kind: "pct", seed: 1, schedules: 200, depth: 3, knowsContention: true },
  { kind: "exhaustive", preemptions: 2, schedules: 1500 },
];

/** The program without its part number `at`; undefined if there are not as many. */
type Reduction = (sketch: Sketch, at: number) => Sketch | undefined;

const withoutThread: Reduction = ({ setup, threads }, at) =>
  threads.length > 1 && at < threads.length
    ? { setup, threads: threads.toSpliced(at, 1) }
    : undefined;

const withoutCall: Reduction = ({ setup, threads }, at) => {
  const [thread, call] = placeOf(threads, at) ?? [];
  if (thread === undefined) return undefined;
  const rest = threads.with(thread, threads[thread]!.toSpliced(call!, 1));
  return { setup, threads: rest.filter((calls) => calls.length > 0) };
};

/** Without so many steps of the setup. */
function withoutSteps(count: number): Reduction {
  return ({ setup, threads }, at) =>
    at * count < setup.length ? { setup: setup.toSpliced(at * count, count), threads } : undefined;
}

function simplerCall({ simpler }: Generator): Reduction {
  return ({ setup, threads }, at) => {
    const all = threads.flatMap((calls, thread) =>
      calls.flatMap((call, index) =>
        (simpler?.(call) ?? []).map((other) => threads.with(thread, calls.with(index, other))),
      ),
    );
    const changed = all[at];
    return changed && { setup, threads: changed };
  };
}

/** The thread and the place in it of call number `at`, unless it is the last one left. */
function placeOf(threads: Sketch["threads"], at: number): [number, number] | undefined {
  const places = threads.flatMap((calls, thread) =>
    calls.map((_, call): [number, number] => [thread, call]),
  );
  return places.length > 1 ? places[at] : undefined;
}

/** A program that fails. */
export interface Failing {
  readonly drawn: Sketch;
  readonly finding: Finding;
}

/** The smallest program that is found, within so many seconds, to fail in the same way. */
export function shrinkSketch(
  core: Core,
  generator: Generator,
  { drawn, finding }: Failing,
  seconds: number,
): GeneratedFinding {
  const deadline = performance.now() + seconds * 1000;
  let best = { sketch: drawn, finding };
  const fails = (sketch: Sketch): boolean => {
    const explorer = new Explorer(core, programOf(generator, sketch));
    for (const strategy of strategies) {
      const { finding: found } = explorer.explore(strategy, [], deadline);
      if (found === undefined) continue;
      if (found.failure.kind !== finding.failure.kind) return false;
      best = { sketch, finding: found };
      return true;
    }
    return false;
  };
  // The cheapest first: with fewer calls there are fewer schedules.
  const reductions = [
    withoutThread,
    withoutCall,
    ...[16, 4, 1].map(withoutSteps),
    simplerCall(generator),
  ];
  let before: typeof best | undefined;
  while (before !== best) {
    before = best;
    for (const reduce of reductions) {
      let at = 0;
      for (
        let smaller = reduce(best.sketch, at);
        smaller !== undefined && performance.now() < deadline;
        smaller = reduce(best.sketch, at)
      ) {
        // When it fails, the next part has taken the place of this one.
        if (!fails(smaller)) at++;
      }
    }
  }
  return { ...best.finding, drawn, sketch: best.sketch };
}
