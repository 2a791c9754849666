// Programs like one that was worth keeping: a call or a step more, less, or elsewhere.
import type { Generator, Random } from "./generator.ts";
import type { Sketch } from "./sketch.ts";

/** What is small: more makes too many schedules. */
export const mostThreads = 3;
export const mostCalls = 4;

type Threads = readonly (readonly string[])[];

/** The same program with one to three changes. */
export function mutate(sketch: Sketch, generator: Generator, random: Random): Sketch {
  let mutated = sketch;
  for (let changes = 1 + pick(3, random); changes > 0; changes--) {
    mutated = change(mutated, generator, random);
  }
  return mutated;
}

function change(sketch: Sketch, generator: Generator, random: Random): Sketch {
  const { setup, threads } = sketch;
  const thread = pick(threads.length, random);
  const calls = threads[thread]!;
  const at = pick(calls.length, random);
  const withThreads = (changed: Threads): Sketch => ({ setup, threads: changed });
  const replaced = (list: readonly string[]) => withThreads(threads.with(thread, list));
  switch (pick(8, random)) {
    case 0:
    case 1:
      if (calls.length === mostCalls) return sketch;
      return replaced(
        calls.toSpliced(pick(calls.length + 1, random), 0, generator.call(sketch, random)),
      );
    case 2:
    case 3:
      return replaced(calls.with(at, generator.call(sketch, random)));
    case 4:
      if (calls.length > 1) return replaced(calls.toSpliced(at, 1));
      return threads.length > 2 ? withThreads(threads.toSpliced(thread, 1)) : sketch;
    case 5:
      if (threads.length === mostThreads) return sketch;
      return withThreads([...threads, [generator.call(sketch, random)]]);
    case 6: {
      // The order within a thread, or the thread that makes a call.
      const other = pick(threads.length, random);
      if (calls.length === 1) return sketch;
      const rest = calls.toSpliced(at, 1);
      if (other === thread) {
        return replaced(rest.toSpliced(pick(calls.length, random), 0, calls[at]!));
      }
      if (threads[other]!.length === mostCalls) return sketch;
      return withThreads(threads.with(thread, rest).with(other, [...threads[other]!, calls[at]!]));
    }
    default: {
      if (generator.step !== undefined && random() < 0.5) {
        const place = random() < 0.7 ? setup.length : pick(setup.length + 1, random);
        return { setup: setup.toSpliced(place, 0, generator.step(sketch, random)), threads };
      }
      return { setup: setup.toSpliced(pick(setup.length, random), 1), threads };
    }
  }
}

/** A whole number from 0, less than `count`. */
export function pick(count: number, random: Random): number {
  return Math.floor(random() * count);
}
