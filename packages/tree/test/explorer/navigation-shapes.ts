// What goes through many nodes and gives no entries: counting, and dividing a range.
import { counting, dividing, remove, set } from "./operations.ts";
import { companions, everySecond, p, quiesce, type Shape } from "./shape.ts";

/** Shapes in which such calls meet writers, for a leaf of `width` entries. */
export function navigationShapes(width: number): readonly Shape[] {
  const full = everySecond(width);
  const [first, second] = full as [string, string];
  const last = full.at(-1)!;
  const two = everySecond(2 * width + 1);
  // At large widths, some of them are behind the layer.
  const inFront = full.filter((key) => key < p).length;
  const others = companions(width);
  const more = others.length;
  return [
    {
      name: "counted and divided while a leaf splits",
      keys: full,
      calls: [
        counting({}, width - 1, width + 1),
        counting({ reverse: true, end: second }, width - 2, width),
        dividing(),
        dividing({ start: first, end: last }),
        set("a", 1n), // splits
        set("c", 2n), // splits
        remove(first),
      ],
      sequences: [
        [set("a", 3n), remove("a")],
        [remove(second), set("c", 5n)], // fills the slot again
      ],
    },
    {
      name: "counted and divided while leaves come and go",
      keys: two,
      calls: [
        counting({}, two.length - 1, two.length + 1),
        counting({ start: second, end: last }, width - 2, width + 1),
        dividing(),
        dividing({ end: last }),
        set("c", 1n),
        remove(two.at(-1)!),
        quiesce,
      ],
    },
    {
      name: "counted and divided while a layer is made",
      keys: [`${p}x`, "a", ...others],
      calls: [
        counting({}, more + 2, more + 3),
        counting({ end: `${p}y` }, more + 2, more + 3),
        counting({ start: `${p}y`, reverse: true }, more + 2, more + 3),
        dividing(),
        dividing({ start: p }),
        set(`${p}y`, 1n), // makes a layer
        set(`${p}w`, 2n), // makes the same layer
      ],
      sequences: [[set(`${p}y`, 3n), remove(`${p}y`)]],
    },
    {
      name: "counted and divided while a layer goes",
      keys: ["a", `${p}x`, `${p}y`, "z", ...others],
      removed: others,
      calls: [
        counting({}, 2, 5),
        counting({ reverse: true }, 2, 5),
        counting({ start: `${p}a`, end: "z" }, 1, 3),
        dividing(),
        dividing({ start: `${p}a`, end: `${p}z` }),
        remove(`${p}x`),
        remove(`${p}y`),
        quiesce,
      ],
      sequences: [
        [remove(`${p}x`), remove(`${p}y`), quiesce],
        [remove(`${p}x`), remove(`${p}y`), set("b", 1n)],
      ],
    },
    {
      name: "counted and divided while the last layer goes",
      keys: [...full, `${p}x`, `${p}y`, ...others],
      removed: others,
      calls: [
        // More keys in front of the layer than in it: none may be counted twice.
        counting({}, width, width + 2),
        counting({ end: `${p}y` }, inFront, inFront + 2),
        dividing({ start: first }),
        remove(`${p}y`),
      ],
      sequences: [[remove(`${p}x`), remove(`${p}y`), quiesce]],
    },
  ];
}
