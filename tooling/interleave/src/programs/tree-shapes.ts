// The maps that tree programs start from, with calls that meet in the same nodes.

import { layerShapes } from "./tree-layer-shapes.ts";
import { leafShapes } from "./tree-leaf-shapes.ts";
import { calling, clear, get, remove, set } from "./tree-operations.ts";
import { everySecond, long, p, type Shape, up } from "./tree-shape.ts";
import { suffixShapes } from "./tree-suffix-shapes.ts";

/** All shapes for a leaf of `width` entries, 3 or 4. */
export function shapes(width: number): readonly Shape[] {
  return [
    ...leafShapes(width),
    ...suffixShapes(width),
    ...layerShapes(width),
    ...wholeShapes(width),
  ];
}

/** What concerns the whole map, or the memory that it is in. */
function wholeShapes(width: number): readonly Shape[] {
  const full = everySecond(width);
  return [
    {
      name: "everything goes",
      keys: [...full, `${p}x`, `${p}y`],
      calls: [clear, get(`${p}x`), set("e", 1n), set(`${p}y`, 2n), remove("d"), up],
      sequences: [[clear, set("e", 3n)]],
    },
    {
      name: "blocks run out",
      keys: ["b"],
      calls: [
        // Each makes many blocks: caches are filled and spilled, slabs are made and given back.
        calling("churn"),
        set("a", 1n),
        remove("b"),
        calling("cycle"), // leaves and comes back
        get("b"),
      ],
      sequences: [[calling("churn"), calling("cycle")]],
      chosen: [
        [[calling("churn")], [calling("churn")], [calling("cycle")]],
        [[calling("cycle")], [calling("cycle")], [calling("cycle")]],
      ],
    },
    {
      name: "memory grows",
      keys: [`${p}x`, "b"],
      isFull: true,
      calls: [
        calling("churn"),
        set(`${p}y`, 1n), // makes a layer
        set(long, 2n),
        remove("b"),
        calling("cycle"),
      ],
    },
  ];
}
