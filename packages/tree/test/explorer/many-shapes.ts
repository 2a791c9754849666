// Many keys in one call: their lanes go through nodes that others change (assembly/many.ts).
import { find, remove, set, setTogether } from "./operations.ts";
import { companions, everySecond, long, p, quiesce, type Shape } from "./shape.ts";

/** Shapes in which such calls meet writers, for a leaf of `width` entries. */
export function manyShapes(width: number): readonly Shape[] {
  const full = everySecond(width);
  const [first] = full as [string];
  const last = full.at(-1)!;
  const two = everySecond(2 * width + 1);
  const others = companions(width);
  return [
    {
      name: "found together while a leaf splits",
      keys: full,
      calls: [
        find(last, first, "a"),
        find("a", first, last),
        find(first),
        set("a", 1n), // splits
        setTogether("c", 7n), // splits
        remove(last),
      ],
      sequences: [
        [set("a", 3n), remove("a")],
        [remove(first), set("c", 5n)], // fills the slot again
      ],
    },
    {
      name: "found together while leaves come and go",
      keys: two,
      calls: [
        find(two.at(-1)!, two[0]!),
        find(two[width]!, "none"),
        setTogether(two.at(-1)!, 9n),
        remove(two.at(-1)!),
        quiesce,
      ],
      sequences: [[remove(two[0]!), remove(two[1]!), quiesce]],
    },
    {
      name: "found together while a layer is made",
      keys: [`${p}x`, "a", ...others],
      calls: [
        find(`${p}x`, "a", `${p}y`),
        find(`${p}y`, `${p}x`),
        find("a", `${p}x`),
        set(`${p}y`, 1n), // makes a layer
        setTogether(`${p}z`, 7n),
        remove(`${p}x`),
      ],
      sequences: [
        [set(`${p}y`, 3n), remove(`${p}y`)],
        [remove(`${p}x`), set(`${p}y`, 14n)], // the slot has another key with the slice
        [set(long, 6n), quiesce],
      ],
    },
    {
      name: "found together while a layer goes",
      keys: ["a", `${p}x`, `${p}y`, "z", ...others],
      removed: others,
      calls: [
        find(`${p}x`, `${p}y`, "a"),
        find("z", `${p}x`),
        setTogether(`${p}x`, 7n),
        remove(`${p}x`),
        remove(`${p}y`),
        quiesce,
      ],
      sequences: [
        [remove(`${p}x`), remove(`${p}y`), quiesce],
        [remove(`${p}x`), remove(`${p}y`), set(`${p}x`, 1n)],
      ],
    },
    {
      name: "found together while a layer gets another root",
      keys: [...full.map((key) => `${p}${key}`), "a"],
      calls: [
        find(`${p}${last}`, `${p}${first}`),
        find(`${p}a`, `${p}${last}`),
        set(`${p}a`, 1n), // splits the layer's root
        setTogether(`${p}c`, 7n), // does as well
      ],
      sequences: [[set(`${p}a`, 1n), remove(`${p}a`), quiesce]],
    },
  ];
}
