// Entries, leaves and internodes of one layer: fresh slots and reused ones, splits, unlinking.
import { add, compare, get, insert, remove, replace, scan, set } from "./operations.ts";
import { advance, down, everySecond, maintain, quiesce, type Shape, up } from "./shape.ts";

/** Shapes of one layer, for a leaf of `width` entries. */
export function leafShapes(width: number): readonly Shape[] {
  const full = everySecond(width);
  // Leaves of sorted insertions are full, but for the last.
  const wide = everySecond(3 * width + 1);
  // As many leaves as an internode has room for.
  const widest = everySecond(width * width + 1);
  const middle = wide[width]!;
  const inside = `${middle}1`;
  // Enough for three levels.
  const tall = Array.from({ length: (width + 2) * width + 1 }, (_, i) => `${100 + 2 * i}`);
  const last = tall.length - 1;
  const right = `${wide[2 * width]}1`;
  return [
    {
      name: "replaced only if it is there",
      keys: ["b", "d"],
      calls: [
        replace("d", 2n),
        replace("c", 4n), // is not there
        set("c", 6n),
        set("d", 8n),
        remove("d"),
        get("d"),
        up,
        quiesce,
      ],
      sequences: [
        [remove("d"), set("d", 10n)],
        [set("c", 12n), replace("c", 14n)],
        [remove("d"), set("e", 16n)], // the slot is another's
      ],
      chosen: [
        [[replace("d", 2n)], [replace("d", 4n)], [remove("d")]],
        [[replace("d", 2n), quiesce], [replace("d", 4n)], [advance, get("d")]],
      ],
      // None, but for a value that has a box.
      scarce: [[replace("d", 2n), 0]],
    },
    {
      name: "inserted only if it is not there",
      keys: ["b", "d"],
      calls: [
        insert("c", 2n),
        insert("d", 4n), // is there
        set("c", 6n),
        remove("d"),
        get("c"),
        up,
        quiesce,
      ],
      sequences: [
        [remove("d"), insert("d", 8n)],
        [insert("c", 10n), remove("c")],
        [remove("d"), insert("e", 12n)], // the slot is another's
      ],
      chosen: [
        [[insert("c", 2n)], [insert("c", 4n)], [remove("c")]],
        [[insert("d", 2n)], [remove("d"), quiesce], [advance, set("d", 4n)]],
      ],
      // None, but for a value that has a box.
      scarce: [[insert("c", 2n), 0]],
    },
    {
      name: "changed only if it is the expected one",
      // Their values are 100 and 101.
      keys: ["b", "d"],
      calls: [
        compare("d", 101n, 2n),
        compare("d", 101n), // removes
        compare("d", 4n, 6n), // is another, unless a call below was first
        compare("c", 101n, 8n), // is not there
        set("d", 4n),
        remove("d"),
        get("d"),
        up,
        quiesce,
      ],
      sequences: [
        [remove("d"), set("d", 101n)], // the same again
        [set("d", 10n), set("d", 101n)],
        [remove("d"), set("e", 101n)], // the slot is another's
        [set("d", 4n), compare("d", 4n)],
      ],
      chosen: [
        [[compare("d", 101n, 2n)], [compare("d", 101n, 4n)], [compare("d", 2n, 101n)]],
        [[compare("d", 101n)], [compare("d", 101n, 2n)], [remove("d")]],
        [
          [compare("d", 101n, 2n), quiesce],
          [advance, compare("d", 101n, 4n)],
        ],
      ],
      // None, but for a value that has a box.
      scarce: [[compare("d", 101n, 2n), 0]],
    },
    {
      name: "added to",
      keys: ["b", "d"],
      calls: [
        add("d", 2n),
        add("d", 0n), // writes nothing
        add("c", 4n), // is not there
        set("d", 6n),
        remove("d"),
        get("d"),
        up,
      ],
      sequences: [
        [add("d", 8n), add("d", 10n)],
        [remove("d"), add("d", 12n)],
        [remove("d"), set("e", 14n)], // the slot is another's
      ],
      chosen: [
        [[add("d", 2n)], [add("d", 4n)], [add("d", 8n)]],
        [[add("c", 2n)], [add("c", 4n)], [remove("c")]],
      ],
    },
    {
      name: "one entry",
      keys: ["b"],
      calls: [
        get("b"),
        set("a", 1n), // fresh, in front: the permutation moves
        set("c", 2n), // fresh, behind
        set("b", 3n), // replaces
        remove("b"), // empties the root leaf
        up,
        down,
      ],
      sequences: [
        [remove("b"), set("b", 4n)],
        [set("a", 5n), remove("a")],
      ],
      chosen: [[[set("a", 1n)], [set("c", 2n)], [remove("b")]]],
    },
    {
      name: "full leaf",
      keys: full,
      calls: [
        get("d"),
        get("e"),
        set("a", 1n), // splits
        set("e", 2n), // splits elsewhere
        set("z", 3n), // splits at the end
        set("f", 4n), // replaces
        insert("c", 9n), // splits
        add("e", 10n), // splits
        remove("d"), // frees a slot that a reader may hold
        up,
        down,
      ],
      sequences: [
        [remove("d"), set("e", 5n)], // fills the slot of d again
        [set("e", 6n), remove("e")],
        [remove("d"), set("f", 7n), set("e", 8n)], // a replacement comes between
      ],
      chosen: [
        [[set("a", 1n)], [set("e", 2n)], [get("f")]],
        [[set("e", 1n)], [set("g", 2n)], [up]],
        [[remove("d"), set("c", 1n)], [set("e", 2n)], [get("d")]],
      ],
      scarce: [
        [set("a", 1n), 2],
        [insert("c", 9n), 2],
        [add("e", 10n), 2],
      ],
    },
    {
      name: "freed slot",
      keys: full,
      removed: ["d"],
      calls: [get("b"), get("e"), set("e", 1n), set("c", 2n), remove("f"), scan({ start: "c" })],
      sequences: [[remove("f"), set("g", 3n)]],
    },
    {
      name: "full internode",
      keys: widest,
      calls: [
        get(middle),
        set(`${middle}1`, 1n),
        set("c", 2n),
        set("y", 3n),
        set(`${widest.at(-1)}1`, 4n), // one of these splits the root
        remove(middle),
        scan({ start: "f", limit: 6 }),
        scan({ start: "m", limit: 6, reverse: true }),
      ],
      chosen: [[[set("c", 1n)], [set(`${middle}1`, 2n)], [get(widest.at(-1)!)]]],
      scarce: [[set("c", 2n), 3]],
    },
    {
      name: "three leaves, the middle one nearly empty",
      keys: wide.slice(0, 2 * width + 2),
      removed: wide.slice(width - 1, 2 * width).filter((key) => key !== middle),
      calls: [
        get(middle),
        remove(middle), // empties its leaf, and unlinks it
        set(inside, 1n), // into the leaf that is being emptied
        set("e", 2n), // left of it
        set(right, 3n), // right of it
        remove("d"),
        quiesce,
        maintain,
        up,
        down,
      ],
      sequences: [
        [remove(middle), set(middle, 4n)],
        [remove(middle), quiesce], // unlinks it and frees it
        [remove(middle), remove("d")],
      ],
      chosen: [
        [
          [remove(middle), quiesce],
          [advance, get(middle)],
        ],
        [
          [remove(middle), quiesce],
          [advance, up],
        ],
        [
          [remove(middle), quiesce],
          [advance, down],
        ],
        [
          [remove(middle), quiesce],
          [advance, set(inside, 1n)],
        ],
        [[remove(middle)], [set(inside, 1n)], [get(middle)]],
        [[remove(middle)], [remove(wide[2 * width]!)], [set(right, 1n)]],
        [[remove(middle), quiesce], [get(middle)], [advance, advance]],
      ],
      scarce: [[remove(middle), 1]],
    },
    {
      name: "three leaves, two of them nearly empty",
      keys: wide.slice(0, 2 * width + 2),
      removed: wide.slice(width - 1, 2 * width + 1).filter((key) => key !== middle),
      calls: [
        remove(middle), // empties its leaf, and unlinks it
        remove(wide[2 * width + 1]!), // so does this, and the other leaf is its left neighbour
        up,
      ],
    },
    {
      name: "a root that moves down",
      // Two internodes below the root, the right one with a leaf of one entry.
      keys: tall,
      removed: tall.filter((_, i) => (i > width && i < 2 * width) || (i >= 3 * width && i < last)),
      calls: [
        remove(tall[width]!), // empties a leaf under the left one
        remove(tall[last]!), // the right one goes, and with it the root
        up,
      ],
    },
    {
      name: "a nearly empty leaf right of a full one",
      keys: wide.slice(0, 2 * width + 2),
      removed: wide.slice(width + 1, 2 * width),
      calls: [
        remove(middle), // empties its leaf, and unlinks it from the left one
        set("e", 1n), // splits the left one
        set("a", 2n),
        set(`${middle}1`, 3n),
        remove("b"),
        up,
        down,
      ],
      chosen: [
        [[remove(middle)], [set("e", 1n)], [set(`${middle}1`, 2n)]],
        [[remove(middle)], [set("e", 1n)], [down]],
      ],
      scarce: [[set("e", 1n), 1]],
    },
  ];
}
