// The index's shapes, with values in boxes. Odd values are in the value word, even ones in a box.

import type { TreeOperation } from "../../../tree/test/explorer/operations.ts";
import type { Shape } from "../../../tree/test/explorer/shape.ts";
import { boxesOf, inBoxes } from "./boxed-operations.ts";
import { shapes } from "./shapes.ts";

/** Shapes in which values come, are replaced and go, and entries move. */
const some: readonly string[] = [
  "an empty index",
  "a full line above all nodes",
  "a tombstone in a line",
  "a node of two lines",
  "changed on a condition",
  "a line of a node gets a child",
  "a conflict that is too deep",
  "a removal that is one too many",
  "everything goes",
  "entries are loaded",
  "memory grows",
];

export const boxedShapes: readonly Shape[] = shapes
  .filter(({ name }) => some.includes(name))
  .map(withBoxes);

/** The same shape with boxes, each of which is one more block that can be refused. */
function withBoxes(shape: Shape): Shape {
  const { calls, sequences, chosen, scarce } = shape;
  const all = (list: readonly TreeOperation[]) => list.map(inBoxes);
  return {
    ...shape,
    translate: inBoxes,
    calls: all(calls),
    ...(sequences && { sequences: sequences.map(all) }),
    ...(chosen && { chosen: chosen.map((lists) => lists.map(all)) }),
    ...(scarce && {
      scarce: scarce.map(([call, blocks]) => [inBoxes(call), blocks + boxesOf(call)] as const),
    }),
  };
}
