// Leaves that removals have left sparse, and neighbours that take their entries in.
import { get, insert, remove, scan, set } from "./operations.ts";
import { companions, down, everySecond, maintain, p, quiesce, type Shape, up } from "./shape.ts";

/** Shapes with two leaves that one removal makes one, for a leaf of 4 entries. None for narrower ones, which stay. */
export function mergeShapes(width: number): readonly Shape[] {
  if (width < 4) return [];
  // Sorted insertions fill two leaves, and begin a third one.
  const keys = everySecond(2 * width + 2);
  const first = keys.slice(0, width);
  const second = keys.slice(width, 2 * width);
  const [low, high] = [second[0]!, second.at(-1)!];
  const [right, last] = keys.slice(2 * width) as [string, string];
  // Two stay, so that one removal more leaves a sparse leaf. The neighbour's went first, while this one was full.
  const middle = second.slice(1, -1);
  const padded = (key: string) => key.padEnd(48, key);
  const layer = [`${p}x`, `${p}y`, ...companions(width)];
  return [
    {
      name: "a leaf takes in what is right of it",
      keys,
      removed: [last, ...middle],
      calls: [
        remove(low), // takes the right leaf's entry in
        remove(high), // so does this
        remove(right), // unlinks the right leaf, unless it was taken in
        set(`${low}1`, 1n), // then there are too many
        set(`${right}1`, 2n), // into the leaf that goes
        set(right, 3n),
        insert(last, 4n),
        get(right),
        get(high),
        scan({ start: high, limit: 2 }),
        scan({ start: right, reverse: true, limit: 2 }),
        up,
        down,
        maintain,
      ],
      sequences: [
        [remove(low), set(low, 5n)],
        [remove(low), remove(high), remove(right), quiesce],
        [remove(right), set(right, 6n)],
        [set(`${right}1`, 7n), remove(`${right}1`), remove(right)],
      ],
      chosen: [
        [[remove(low)], [set(`${right}1`, 2n)], [up]],
        [[remove(low)], [remove(right)], [down]],
        [[remove(low)], [remove(high)], [get(right)]],
      ],
    },
    {
      name: "the first leaf takes in what is right of it",
      keys,
      removed: [...first.slice(1), ...second.slice(2)],
      calls: [
        remove(second[1]!), // its leaf goes into the first one
        remove(low), // so does this
        remove(first[0]!), // leaves the first one empty
        set(`${low}1`, 1n),
        set(`${first[0]}1`, 2n),
        get(low),
        get(first[0]!),
        up,
        down,
        quiesce,
      ],
      sequences: [
        [remove(low), set(low, 3n)],
        [remove(low), remove(second[1]!), remove(first[0]!)],
      ],
      chosen: [[[remove(low)], [set(`${first[0]}1`, 2n)], [down]]],
    },
    {
      name: "a leaf takes in a layer",
      keys: [...keys.slice(0, 2 * width), ...layer],
      removed: middle,
      calls: [
        remove(low), // takes the layer in
        set(`${p}z`, 1n), // into the layer
        remove(layer[0]!),
        get(layer[1]!),
        get(high),
        scan({ start: layer[0]!, limit: 1 }),
        up,
        down,
        quiesce,
      ],
      sequences: [
        [...layer.map(remove), quiesce], // the layer goes, from the leaf that has it then
        [set(`${p}w`, 2n), set(`${p}z`, 3n), set(`${p}zz`, 4n), set(`${p}zzz`, 5n)], // it gets another root
        [remove(low), remove(high)],
      ],
      chosen: [[[remove(low)], [...layer.map(remove), quiesce], [up]]],
    },
    {
      // The leaf that takes them in has no room for them in its bag.
      name: "a leaf takes in long suffixes",
      keys: keys.map(padded),
      removed: [last, ...middle].map(padded),
      calls: [
        remove(padded(low)), // takes the right leaf's entry in, with its suffix
        remove(padded(right)),
        set(padded(`${high}1`), 1n),
        set(padded(`${right}1`), 2n),
        get(padded(right)),
        get(padded(high)),
        up,
        down,
        quiesce,
      ],
      sequences: [[remove(padded(low)), set(padded(low), 3n)]],
      // The route, and the bag.
      scarce: [[remove(padded(low)), 2]],
      chosen: [[[remove(padded(low))], [set(padded(`${right}1`), 2n)], [up]]],
    },
  ];
}
