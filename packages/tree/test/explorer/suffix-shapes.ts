// Suffixes: in the inner bag of their leaf or in an outer one. Bags fill, shrink, move and go.
import { sharing } from "../support/sharing.ts";
import { calling, get, remove, scan, set } from "./operations.ts";
import { down, everySecond, long, p, quiesce, type Shape, up } from "./shape.ts";

/** Shapes with suffixes, for a leaf of `width` entries. */
export function suffixShapes(width: number): readonly Shape[] {
  // An inner bag made for a full leaf holds exactly the suffixes of `width` short keys. One that outgrows it.
  const short = (start: string) => start.padEnd(width === 3 ? 24 : 32, "s");
  const outgrown = short("y").repeat(3);
  const within = everySecond(width + 1)[width]!;
  const lastTwo = everySecond(2 * width)
    .slice(-2)
    .map(short);
  return [
    {
      // The right one of two full leaves has lost all but two entries, and its inner bag is full of dead suffixes.
      name: "a full inner bag",
      keys: everySecond(2 * width).map(short),
      removed: everySecond(2 * width)
        .slice(width + 2)
        .map(short),
      calls: [
        get(short(within)),
        set(short("x"), 1n), // clears the dead ones away
        set(`${short(within)}1`, 2n), // the same, and shares a slice
        set(outgrown, 3n), // moves to an outer bag
        set(short(within), 4n), // replaces
        remove(short(within)),
        up,
        down,
      ],
      sequences: [
        [set(outgrown, 5n), remove(outgrown)], // moves out, and in again
        [remove(short(within)), set(short(`${within}1`), 6n)],
      ],
      chosen: [[[set(short("x"), 1n)], [remove(short(within))], [get(short(within))]]],
      scarce: [[set(outgrown, 3n), 1]],
    },
    {
      name: "a full leaf and its inner bag",
      keys: everySecond(2 * width).map(short),
      calls: [
        get(short(within)),
        set(short(`${within}1`), 1n), // splits; clears the inner bag of the left one
        set(short("x"), 2n), // splits at the end
        set(`${within}1${outgrown}`, 3n), // splits; moves out
        remove(short(within)),
        up,
        down,
      ],
      chosen: [
        [
          // The inner bag is cleared of the dead, and filled again to where a reader may still look.
          [...lastTwo.map(remove), set(short("x"), 1n), set(short("z"), 2n)],
          [get(lastTwo[1]!)],
        ],
      ],
      scarce: [[set(`${within}1${outgrown}`, 3n), 3]],
    },
    {
      name: "one suffix",
      keys: [`${p}x`],
      calls: [
        get(`${p}x`),
        remove(`${p}x`), // the leaf's bag goes with its last entry
        set(`${p}y`, 1n),
        set("b", 2n),
        up,
        down,
      ],
      sequences: [
        [remove(`${p}x`), set(`${p}y`, 3n)],
        [remove(`${p}x`), calling("cycle")], // leaves its garbage to others
      ],
      // Where both stay in the leaf, there is room for it.
      scarce: sharing(width) === 1 ? [[set(`${p}y`, 1n), 1]] : [],
    },
    {
      name: "a suffix goes and another comes",
      keys: [`${p}x`, "z"],
      calls: [get(`${p}x`), set(`${p}x`, 1n), remove(`${p}x`), up, down, scan({ start: `${p}w` })],
      sequences: [
        // The slot, and the room in the bag, of the one that went: a reader may still look there.
        [remove(`${p}x`), set(long, 2n)],
        [remove(`${p}x`), set(`${p}yy`, 3n)],
        [set(long, 4n), remove(`${p}x`), set(`z${long}`, 5n)],
      ],
    },
    {
      name: "a bag shrinks",
      keys: [`${p}x`, long],
      calls: [
        remove(long), // what is left needs less room
        get(`${p}x`),
        get(long),
        set(`${p}x`, 1n),
        remove(`${p}x`),
        up,
        down,
      ],
      sequences: [
        [remove(long), set(long, 2n)],
        [remove(long), quiesce],
      ],
      scarce: [[remove(long), 1]],
    },
  ];
}
