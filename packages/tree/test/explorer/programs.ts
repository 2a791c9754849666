// The tree programs that are explored, out of the shapes.
import type { Program } from "@tooling/interleave/catalog";
import { failing, type TreeOperation } from "./operations.ts";
import { treeProgram } from "./program.ts";
import type { Shape } from "./shape.ts";

/**
 * Every pair of calls of every shape, every sequence with every call, every call that is short of memory with
 * every call, and the chosen ones.
 */
export function treePrograms(all: readonly Shape[]): Program[] {
  return all.flatMap((shape) => [...threadsOf(shape)].map((threads) => program(shape, threads)));
}

/** What the threads of each program of a shape call. */
export function* threadsOf(shape: Shape): Generator<Threads> {
  const { calls, sequences = [], chosen = [] } = shape;
  for (const [index, first] of calls.entries()) {
    for (const second of calls.slice(index)) yield [[first], [second]];
  }
  for (const sequence of sequences) {
    for (const call of calls) yield [sequence, [call]];
  }
  for (const [scarce, blocks] of shape.scarce ?? []) {
    for (let block = 0; block < blocks; block++) {
      const short = failing(scarce, block);
      for (const call of calls) yield [[short], [call]];
      // When there is memory again, it succeeds.
      yield [[short, scarce], [calls[0]!]];
    }
  }
  yield* chosen;
}

export type Threads = readonly (readonly TreeOperation[])[];

function program(shape: Shape, threads: Threads): Program {
  const list = threads.map((operations) => operations.map((call) => call.name).join(", "));
  return treeProgram({ ...shape, name: `${shape.name}: ${list.join(" | ")}`, threads });
}
