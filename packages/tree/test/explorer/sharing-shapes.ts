// Keys that share a slice in a leaf, ordered by their suffixes, and the layer that is made of them when one more comes.
import { sharing } from "../support/sharing.ts";
import { compare, counting, dividing, find, get, insert, remove, scan, set } from "./operations.ts";
import { down, everySecond, long, p, quiesce, type Shape, up } from "./shape.ts";

/** Shapes with such keys, for a leaf of `width` entries. None where two keys with a slice make a layer already. */
export function sharingShapes(width: number): readonly Shape[] {
  const most = sharing(width);
  if (most === 1) return [];
  // d, f, ...: as many as stay in a leaf. In front of them, between any two and behind them is room for more.
  const group = everySecond(most + 1)
    .slice(1)
    .map((key) => p + key);
  const [first, last] = [group[0]!, group.at(-1)!];
  const between = `${first}1`;
  const few = group.slice(1);
  // Their suffixes are so long that the bag stays when the group's go: a smaller one would mark the leaf in any case.
  const rest = everySecond(width - most).map((key) => key.padEnd(48, "s"));
  const longs = group.map((key) => `${key}${long}`);
  const deep = group.map((key) => p + key);
  return [
    {
      name: "keys that share a slice",
      keys: ["a", ...few, "z"],
      calls: [
        get(last),
        get(first),
        set(first, 1n), // into the group, in front
        set(between, 2n), // into the group as well: the second of these makes a layer
        insert(`${last}1`, 3n), // behind
        set(last, 4n), // replaces
        compare(last, firstValueOf(few.length), 5n),
        remove(last),
        scan({ start: first }),
        scan({ start: between, reverse: true }),
        up,
        down,
        find(last, first, "a"),
      ],
      sequences: [
        [remove(last), set(first, 6n)], // the slot of another, and its suffix's room
        [set(first, 7n), remove(last)],
        [set(first, 8n), set(between, 9n)], // a layer
      ],
      chosen: [
        [[set(first, 1n)], [set(between, 2n)], [up]],
        [[set(first, 1n)], [set(between, 2n)], [down]],
        [[remove(last), set(first, 1n)], [set(between, 2n)], [get(last)]],
      ],
    },
    {
      name: "a group becomes a layer",
      keys: ["a", ...group],
      calls: [
        get(first),
        get(last),
        set(between, 1n), // makes the layer
        set(`${last}1`, 2n), // makes it as well
        insert(`${p}b`, 3n), // and so does this
        set(first, 4n), // replaces
        remove(first),
        remove(last), // then there is room for one
        scan({ start: p, limit: most }),
        scan({ start: first, limit: 1 }), // from one of the group to the next
        scan({ start: last, reverse: true, limit: 2 }),
        up,
        down,
        find(last, first, between),
        quiesce,
      ],
      sequences: [
        [remove(first), set(between, 5n)], // takes its place in the group
        [set(between, 6n), remove(between)],
        [set(between, 7n), remove(between), ...group.map(remove), quiesce], // the layer goes
        [set(between, 8n), remove(between), ...group.map(remove), set(first, 9n)], // a group again
      ],
      chosen: [
        [[set(between, 1n)], [set(`${last}1`, 2n)], [up]],
        [[set(between, 1n)], [remove(first)], [down]],
        [[set(between, 1n)], [remove(first)], [set(`${p}b`, 3n)]],
        [[set(between, 1n)], [remove(first)], [get(last)]],
        [
          [set(between, 1n), ...group.map(remove)],
          [scan({ start: first, limit: 1 }), up],
        ],
      ],
      scarce: [[set(between, 1n), 1]],
    },
    {
      name: "counted and divided while a group becomes a layer",
      keys: ["a", ...group],
      calls: [
        counting({}, most + 1, most + 2),
        counting({ reverse: true }, most + 1, most + 2),
        counting({ start: between, end: last }, most - 1, most),
        counting({ start: last, end: between, reverse: true }, most - 1, most),
        dividing(),
        dividing({ start: between, end: last }),
        set(between, 1n), // makes the layer
        set(`${last}1`, 2n), // makes it as well
      ],
      sequences: [[set(`${p}b`, 3n), remove(`${p}b`)]],
    },
    {
      name: "a layer of one, and then a group",
      keys: ["a", ...group, between, "z"],
      removed: [...group.slice(0, -1), between],
      calls: [
        get(last),
        set(first, 1n), // into the layer, or where it was
        remove(last), // the layer goes
        scan({ start: last, limit: 2 }),
        up,
        down,
        quiesce,
      ],
      sequences: [
        [remove(last), set(first, 2n)], // in front of what a scan has seen
        [remove(last), set(`${last}1`, 3n)], // behind it
        [remove(last), set(first, 4n), set(last, 5n)],
      ],
      scarce: [[remove(last), 1]],
    },
    {
      name: "a group in a full leaf",
      keys: [...group, ...rest],
      calls: [
        get(first),
        set("a", 1n), // splits in front of the group
        set("z", 2n), // and behind
        set(between, 3n), // makes a layer, in a slot of the group
        remove(rest[0]!),
        remove(last),
        up,
        down,
      ],
      sequences: [
        [remove(last), set(between, 4n)],
        [set("a", 5n), set(between, 6n)],
        [set(between, 7n), set("c", 8n)], // fills a slot of the group, which a reader may still hold
      ],
      chosen: [
        [[set("a", 1n)], [set(between, 2n)], [up]],
        [[set("z", 1n)], [set(between, 2n)], [get(last)]],
      ],
      scarce: [
        [set("a", 1n), 3],
        [set(between, 3n), 2],
      ],
    },
    {
      // Its middle is where a split would part it.
      name: "a group in the middle of a full leaf",
      keys: ["a", ...group, ...everySecond(width - most - 2), "zz"],
      calls: [
        get(first),
        get(last),
        set("a1", 1n), // splits
        set("z", 2n),
        set(between, 3n),
        scan({ start: last, limit: 1 }),
        down,
      ],
    },
    {
      name: "a group with long suffixes",
      keys: [...longs, "zebrasandmore"],
      calls: [
        get(longs[0]!),
        get("zebrasandmore"),
        set(`${first}${long}1`, 1n), // a layer: what is left needs a smaller bag
        set(`${first}${long}2`, 2n),
        set("zebrasxand", 3n),
        remove(longs[0]!),
        up,
        down,
      ],
      sequences: [[set(`${first}${long}1`, 4n), quiesce]], // frees the bag
      scarce: [[set(`${first}${long}1`, 1n), 3]],
    },
    {
      name: "a group that shares more slices",
      keys: [...deep, "a"],
      calls: [
        get(deep[0]!),
        set(p + between, 1n), // two layers, the lower one hanging in the upper
        set(`${p}z`, 2n), // one layer
        remove(deep[0]!),
        up,
        down,
      ],
      sequences: [[set(p + between, 3n), remove(p + between), ...deep.map(remove)]],
      scarce: [[set(p + between, 1n), 2]],
    },
  ];
}

/** The value of a map's key number `index` (program.ts). */
const firstValueOf = (index: number): bigint => BigInt(100 + index);
