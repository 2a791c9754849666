// Deaths in the tree: one thread dies at any step of its calls, another takes over from it, and may die as
// well, whereupon a third takes over from both. Then the tree has to verify, with every byte accounted for,
// and what is in the map has to be explained by the calls, the one in flight whole or absent.
import type { CrashProgram } from "./recovery.ts";
import { treeProgram } from "./tree.ts";
import { bury, type TreeOperation } from "./tree-operations.ts";
import { type Shape, shapes } from "./tree-shapes.ts";

function program(shape: Shape, victim: readonly TreeOperation[], victims: number[]): CrashProgram {
  const deaths = victims.length === 1 ? "one death" : "two deaths";
  const calls = victim.map(({ name }) => name).join(", ");
  return {
    victims,
    program: treeProgram({
      name: `${deaths}: ${shape.name}: ${calls}`,
      keys: shape.keys,
      ...(shape.removed && { removed: shape.removed }),
      threads: [victim, [bury([0])], [bury([1, 0])]],
      after: [[], [0], [1]],
      maxSteps: 400_000,
      watchBlocks: false,
    }),
  };
}

/** Every call of every shape, and every sequence, with one death and with two. */
export function treeCrashes(width: number): CrashProgram[] {
  return shapes(width).flatMap((shape) => {
    const victims = [...shape.calls.map((call) => [call]), ...(shape.sequences ?? [])];
    return victims.flatMap((victim) => [
      program(shape, victim, [0]),
      program(shape, victim, [0, 1]),
    ]);
  });
}
