// Layers: made, in chains, split, emptied and collapsed.
import { add, compare, get, insert, remove, replace, scan, set } from "./operations.ts";
import {
  advance,
  companions,
  down,
  everySecond,
  long,
  p,
  quiesce,
  type Shape,
  up,
} from "./shape.ts";

/** Shapes with layers, for a leaf of `width` entries. */
export function layerShapes(width: number): readonly Shape[] {
  const full = everySecond(width);
  // With them, a second key makes a layer; without them, what is left of it are the keys that the shape is about.
  const others = companions(width);
  return [
    {
      name: "written on a condition where a layer is made",
      keys: [`${p}x`, ...others],
      calls: [
        replace(`${p}x`, 2n),
        replace(`${p}y`, 4n), // another key with the slice
        set(`${p}y`, 6n), // makes a layer
        insert(`${p}y`, 10n), // makes it as well
        insert(`${p}x`, 12n), // is there
        compare(`${p}x`, 100n, 16n),
        compare(`${p}x`, 100n), // removes
        add(`${p}y`, 18n), // makes the layer as well
        remove(`${p}x`),
        get(`${p}x`),
        up,
      ],
      sequences: [
        [set(`${p}y`, 8n), remove(`${p}y`)],
        [remove(`${p}x`), set(`${p}y`, 14n)], // the slot has another key with the slice
      ],
    },
    {
      name: "a layer is made",
      keys: [`${p}x`, p, "sharedp", ...others],
      calls: [
        get(`${p}x`),
        get(`${p}y`),
        set(`${p}y`, 1n), // makes a layer
        set(`${p}z`, 2n), // makes the same layer
        set(`${p}x`, 3n),
        set(long, 4n), // another suffix: a larger bag takes the place of the old one
        remove(`${p}x`), // the last suffix goes with its bag
        remove(p),
        scan({ start: p }),
        down,
      ],
      sequences: [
        [remove(`${p}x`), set(`${p}y`, 5n)],
        [set(long, 6n), quiesce], // frees the old bag
        [remove(`${p}x`), quiesce],
      ],
      chosen: [
        [[set(`${p}y`, 1n)], [remove(`${p}x`)], [get(`${p}x`)]],
        [[set(`${p}y`, 1n)], [set(`${p}z`, 2n)], [up]],
        [
          [set(long, 6n), quiesce],
          [advance, get(`${p}x`)],
        ],
      ],
      scarce: [[set(long, 4n), 4]],
    },
    {
      name: "layer of two",
      keys: [`${p}x`, `${p}y`, "a", ...others],
      removed: others,
      calls: [
        get(`${p}x`),
        set(`${p}w`, 1n),
        set(`${p}y`, 2n),
        remove(`${p}x`),
        remove(`${p}y`), // together they empty the layer, which is collapsed
        quiesce,
        up,
        down,
      ],
      sequences: [
        [remove(`${p}x`), remove(`${p}y`)],
        [remove(`${p}x`), remove(`${p}y`), quiesce],
      ],
      chosen: [
        [[remove(`${p}x`)], [remove(`${p}y`)], [set(`${p}z`, 1n)]],
        [[remove(`${p}x`)], [remove(`${p}y`)], [up]],
      ],
    },
    {
      name: "layer of one",
      keys: [`${p}x`, `${p}y`, "a", ...others],
      removed: [`${p}y`, ...others],
      calls: [
        get(`${p}x`),
        set(`${p}y`, 1n), // into the layer that is being collapsed
        set(`${p}x`, 2n),
        remove(`${p}x`), // collapses the layer
        quiesce,
        up,
        down,
      ],
      sequences: [
        [remove(`${p}x`), set(`${p}y`, 3n)],
        [remove(`${p}x`), quiesce],
      ],
      chosen: [
        [
          [remove(`${p}x`), quiesce],
          [advance, get(`${p}x`)],
        ],
        [
          [remove(`${p}x`), quiesce],
          [advance, set(`${p}y`, 1n)],
        ],
        [[remove(`${p}x`)], [set(`${p}y`, 1n)], [remove(`${p}y`)]],
      ],
      scarce: [[remove(`${p}x`), 1]],
    },
    {
      name: "two layers",
      keys: [`${p}${p}x`, `${p}${p}y`, ...companions(width, p + p)],
      removed: companions(width, p + p),
      calls: [
        get(`${p}${p}x`),
        set(`${p}a`, 1n),
        set(`${p}${p}z`, 2n),
        remove(`${p}${p}x`),
        remove(`${p}${p}y`),
        quiesce,
        up,
      ],
      sequences: [[remove(`${p}${p}x`), remove(`${p}${p}y`)]],
    },
    {
      name: "a chain of layers",
      keys: [`${p}${p}x`, "a", ...companions(width, p + p)],
      calls: [
        get(`${p}${p}x`),
        set(`${p}${p}y`, 1n), // makes two layers, the lower one hanging in the upper
        set(`${p}y`, 2n), // makes the upper one; in larger leaves, the keys differ in it
        remove(`${p}${p}x`),
        up,
        down,
      ],
      sequences: [[set(`${p}${p}y`, 3n), remove(`${p}${p}y`), remove(`${p}${p}x`)]],
      scarce: [[set(`${p}${p}y`, 1n), 2]],
    },
    {
      name: "a layer that splits",
      keys: full.map((key) => p + key),
      calls: [
        get(`${p}d`),
        set(`${p}a`, 1n), // splits the layer's root
        set(`${p}z`, 2n),
        remove(`${p}z`), // moves the role of root down again
        remove(`${p}b`),
        up,
        down,
      ],
      chosen: [[[set(`${p}a`, 1n)], [set(`${p}z`, 2n)], [get(`${p}f`)]]],
      scarce: [[set(`${p}a`, 1n), 2]],
    },
    {
      name: "a layer of two leaves",
      keys: everySecond(width + 1).map((key) => p + key),
      removed: everySecond(width + 1)
        .slice(1, -1)
        .map((key) => p + key),
      calls: [
        get(`${p}b`),
        remove(`${p}b`),
        remove(p + everySecond(width + 1).at(-1)!), // its root moves down
        set(`${p}c`, 1n),
        quiesce,
        up,
        down,
      ],
      sequences: [
        [remove(p + everySecond(width + 1).at(-1)!), remove(`${p}b`)],
        // What the second one retires comes into the bag of two epochs ago, which is emptied first.
        [remove(p + everySecond(width + 1).at(-1)!), advance, advance, remove(`${p}b`)],
      ],
    },
  ];
}
