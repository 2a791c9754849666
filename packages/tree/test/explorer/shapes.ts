// The maps that tree programs start from, with calls that meet in the same nodes.

import { layerShapes } from "./layer-shapes.ts";
import { leafShapes } from "./leaf-shapes.ts";
import { manyShapes } from "./many-shapes.ts";
import { meetingShape } from "./meeting-shape.ts";
import { mergeShapes } from "./merge-shapes.ts";
import { navigationShapes } from "./navigation-shapes.ts";
import { calling, clear, clearing, get, remove, set, statistic } from "./operations.ts";
import { companions, everySecond, long, p, quiesce, type Shape, up } from "./shape.ts";
import { sharingShapes } from "./sharing-shapes.ts";
import { suffixShapes } from "./suffix-shapes.ts";

/** All shapes for a leaf of `width` entries, 3 or 4. */
export function shapes(width: number): readonly Shape[] {
  return [
    ...leafShapes(width),
    ...suffixShapes(width),
    ...layerShapes(width),
    ...sharingShapes(width),
    ...mergeShapes(width),
    ...navigationShapes(width),
    ...manyShapes(width),
    ...wholeShapes(width),
    meetingShape(width),
  ];
}

/** What concerns the whole map, or the memory that it is in. */
function wholeShapes(width: number): readonly Shape[] {
  const full = everySecond(width);
  const others = companions(width);
  return [
    {
      name: "everything goes",
      keys: [...full, `${p}x`, `${p}y`, ...others],
      calls: [clear, get(`${p}x`), set("e", 1n), set(`${p}y`, 2n), remove("d"), up],
      sequences: [[clear, set("e", 3n)]],
    },
    {
      name: "a range goes",
      keys: [...full, `${p}x`, `${p}y`],
      calls: [
        clearing({ start: "c", end: "d" }),
        clearing({ start: `${p}x` }),
        set("a", 1n), // splits
        set("d", 3n),
        set(`${p}yy`, 5n), // comes behind the end of the range, or into the other leaf
        remove("b"),
        up,
      ],
      sequences: [
        [clearing({ end: full.at(-1)! }), set("b", 7n), set("c", 9n)], // fills the slots again
        [remove("d"), set("c", 9n)],
      ],
    },
    {
      // It is the first one: the one that a clear looks for.
      name: "a key goes that gets a layer",
      keys: [`${p}x`, "z"],
      calls: [
        clear,
        clearing({ start: `${p}x`, end: `${p}x` }),
        set(`${p}y`, 1n), // makes a layer
        get(`${p}x`),
      ],
      sequences: [[set(`${p}y`, 3n), remove(`${p}y`), quiesce]],
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
      keys: [`${p}x`, "b", ...others],
      isFull: true,
      calls: [
        calling("churn"),
        set(`${p}y`, 1n), // makes a layer
        set(long, 2n),
        remove("b"),
        calling("cycle"),
      ],
    },
    {
      name: "a map that is nearly empty",
      keys: [],
      calls: [set("a", 1n), remove("a"), statistic("size")],
      // Who removes is another than who inserted: its share of the count is below zero.
      chosen: [[[set("a", 1n)], [remove("a")], [statistic("size")]]],
    },
    {
      name: "statistics are read",
      keys: [...full, `${p}x`, ...others],
      calls: [
        set("a", 1n), // splits
        set("b", 2n),
        set(`${p}y`, 3n), // makes a layer
        remove("d"),
        clear,
        calling("churn"),
        calling("cycle"),
        calling("quiesce"),
      ],
      // What `map.stats()` reads, and in the order in which it does.
      sequences: [
        [
          ...["size", "layers", "leaves", "internodes", "height"].map((call) => statistic(call)),
          statistic("count", 0, 0, 0, 100),
        ],
        ["liveBytes", "liveBlocks", "retiredBytes", "retiredBlocks"].map((call) => statistic(call)),
        ["committedBytes", "overheadBytes", "splitCount", "restartCount", "unrecovered"].map(
          (call) => statistic(call),
        ),
        // Of the observer, and of both threads.
        [
          statistic("participants"),
          ...[1, 2, 3].flatMap((number) => [
            statistic("stateOf", number),
            statistic("pinnedOf", number),
            statistic("delaysOf", number),
            statistic("threadOf", number),
            statistic("osThreadOf", number),
          ]),
        ],
      ],
    },
  ];
}
