// The maps that tree programs start from, with calls that meet in the same nodes.
//
// A shape is a small map for leaves of a certain width, together with calls on keys close to each
// other. What each call does there is in its comment. `sequences` are for one thread that has to do
// two things within one call of another, such as to free a slot and to fill it again.
import type { Contents } from "./tree.ts";
import { calling, clear, get, remove, scan, set, type TreeOperation } from "./tree-operations.ts";

export interface Shape extends Contents {
  readonly name: string;
  /** Every pair of these is a program. */
  readonly calls: readonly TreeOperation[];
  /** Each of these in one thread and each of `calls` in another is a program. */
  readonly sequences?: readonly (readonly TreeOperation[])[];
  /** Calls that allocate, with how many blocks at most: each block is refused in turn, against every call. */
  readonly scarce?: readonly (readonly [call: TreeOperation, blocks: number])[];
  /** Each is a program of its own. */
  readonly chosen?: readonly (readonly (readonly TreeOperation[])[])[];
}

// Eight bytes: keys that begin with it are in one layer.
const p = "sharedpf";

// A suffix that no bag has room for that was made for short ones.
const long = `along${p}${p}${p}${p}x`;

const quiesce = calling("quiesce");
const advance = calling("tryAdvance");
const down = scan({ reverse: true });
const up = scan();

/** The first `count` of the keys b, d, f, ...: between any two of them is room for one more. */
function everySecond(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String.fromCharCode(98 + 2 * index));
}

/** Shapes for a leaf of `width` entries, 3 or 4. */
export function shapes(width: number): readonly Shape[] {
  const full = everySecond(width);
  // Leaves of sorted insertions are full, but for the last.
  const wide = everySecond(3 * width + 1);
  const middle = wide[width]!;
  const inside = `${middle}1`;
  const right = `${wide[2 * width]}1`;
  // Keys with suffixes of which a home made for a full leaf holds exactly that many; and one that outgrows it.
  const short = (start: string) => start.padEnd(width === 3 ? 24 : 32, "s");
  const outgrown = short("y").repeat(3);
  const atHome = everySecond(width + 1)[width]!;
  const lastTwo = everySecond(2 * width)
    .slice(-2)
    .map(short);
  return [
    {
      // The right one of two full leaves has lost all but two entries, and its home is full of dead suffixes.
      name: "a full home",
      keys: everySecond(2 * width).map(short),
      removed: everySecond(2 * width)
        .slice(width + 2)
        .map(short),
      calls: [
        get(short(atHome)),
        set(short("x"), 1n), // clears the dead ones away
        set(`${short(atHome)}1`, 2n), // the same, and leads to a layer
        set(outgrown, 3n), // moves out to a bag of its own
        set(short(atHome), 4n), // replaces
        remove(short(atHome)),
        up,
        down,
      ],
      sequences: [
        [set(outgrown, 5n), remove(outgrown)], // moves out, and home again
        [remove(short(atHome)), set(short(`${atHome}1`), 6n)],
      ],
      chosen: [[[set(short("x"), 1n)], [remove(short(atHome))], [get(short(atHome))]]],
      scarce: [[set(outgrown, 3n), 1]],
    },
    {
      name: "a full leaf of suffixes at home",
      keys: everySecond(2 * width).map(short),
      calls: [
        get(short(atHome)),
        set(short(`${atHome}1`), 1n), // splits; clears the home of the left one
        set(short("x"), 2n), // splits at the end
        set(`${atHome}1${outgrown}`, 3n), // splits; moves out
        remove(short(atHome)),
        up,
        down,
      ],
      chosen: [
        [
          // The home is cleared of the dead, and filled again to where a reader may still look.
          [...lastTwo.map(remove), set(short("x"), 1n), set(short("z"), 2n)],
          [get(lastTwo[1]!)],
        ],
      ],
      scarce: [[set(`${atHome}1${outgrown}`, 3n), 3]],
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
        remove("d"), // frees a slot that a reader may hold
        up,
        down,
      ],
      sequences: [
        [remove("d"), set("e", 5n)], // fills the slot of d again
        [set("e", 6n), remove("e")],
      ],
      chosen: [
        [[set("a", 1n)], [set("e", 2n)], [get("f")]],
        [[set("e", 1n)], [set("g", 2n)], [up]],
        [[remove("d"), set("c", 1n)], [set("e", 2n)], [get("d")]],
      ],
      scarce: [[set("a", 1n), 2]],
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
      keys: wide,
      calls: [
        get(middle),
        set(`${middle}1`, 1n),
        set("c", 2n),
        set("y", 3n),
        set(`${wide.at(-1)}1`, 4n), // one of these splits the root
        remove(middle),
        scan({ start: "f", limit: 6 }),
        scan({ start: "m", limit: 6, reverse: true }),
      ],
      chosen: [[[set("c", 1n)], [set(`${middle}1`, 2n)], [get(wide.at(-1)!)]]],
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
      scarce: [[set(`${p}y`, 1n), 1]],
    },
    {
      name: "a layer is made",
      keys: [`${p}x`, p, "sharedp"],
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
    {
      name: "layer of two",
      keys: [`${p}x`, `${p}y`, "a"],
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
      keys: [`${p}x`, `${p}y`, "a"],
      removed: [`${p}y`],
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
      keys: [`${p}${p}x`, `${p}${p}y`],
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
      keys: [`${p}${p}x`, "a"],
      calls: [
        get(`${p}${p}x`),
        set(`${p}${p}y`, 1n), // makes two layers, the lower one hanging in the upper
        set(`${p}y`, 2n), // makes the upper one
        remove(`${p}${p}x`),
        up,
        down,
      ],
      sequences: [[set(`${p}${p}y`, 3n), remove(`${p}${p}y`), remove(`${p}${p}x`)]],
      scarce: [[set(`${p}${p}y`, 1n), 2]],
    },
    {
      name: "everything goes",
      keys: [...full, `${p}x`, `${p}y`],
      calls: [clear, get(`${p}x`), set("e", 1n), set(`${p}y`, 2n), remove("d"), up],
      sequences: [[clear, set("e", 3n)]],
    },
    {
      name: "a layer that splits",
      keys: full.map((key) => p + key),
      calls: [
        get(`${p}d`),
        set(`${p}a`, 1n), // splits the layer's root
        set(`${p}z`, 2n),
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
        remove(p + everySecond(width + 1).at(-1)!), // its root is handed down
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
