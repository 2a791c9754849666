// A map in which every kind of call can be made, so that each meets each: what the shapes of leaves, of
// suffixes and of layers have among themselves only.
//
//                      root of layer 0: full
//      b         h j l (full)      S T U           ...        z
//                                  | | `- b d f (a full leaf)
//                                  | `- a suffix
//                                  `- x (a layer's last entry)
//
// At width 4 there is one more key in each full leaf and in that of the layers, and one more full leaf. T has two keys
// there, with room for no third, and U begins the next leaf.
import { add, calling, compare, get, insert, remove, replace, set } from "./operations.ts";
import { firstValue } from "./program.ts";
import { advance, companions, down, everySecond, quiesce, type Shape, up } from "./shape.ts";

/** The shape for a leaf of `width` entries, 3 or 4. */
export function meetingShape(width: number): Shape {
  const letters = everySecond(2 * width);
  const [s, t, u] = ["sharedpf", "tharedpf", "uharedpf"];
  const more = width === 4 ? { before: ["r"], after: ["v", "w", "x"] } : undefined;
  const keys = [
    ...letters,
    ...(more?.before ?? []),
    ...[...companions(width, s), `${s}x`, `${s}y`, ...companions(width, t), `${t}x`],
    ...everySecond(width).map((key) => u + key),
    ...(more?.after ?? []),
    "z",
  ];
  const firstOf = (key: string) => BigInt(firstValue(keys.indexOf(key)));
  return {
    name: "everything meets",
    keys,
    removed: [...letters.slice(1, width), ...companions(width, s), `${s}y`],
    calls: [
      get("z"),
      set("a", 1n), // fresh
      set(letters[width]!, 2n), // replaces
      replace(letters[width]!, 6n),
      insert("a", 7n), // fresh
      insert(letters[width]!, 8n), // is there
      compare(letters[width]!, firstOf(letters[width]!), 10n),
      add(letters[width]!, 12n),
      compare(letters[width]!, firstOf(letters[width]!)), // removes
      set(`${u}z`, 3n), // splits a leaf
      set(`${letters[width]}1`, 4n), // splits a leaf, and the internode above it
      set(`${t}y`, 5n), // makes a layer
      remove("b"), // empties a leaf that stays, for it is the first one
      remove("z"), // empties a leaf, and unlinks it
      remove(`${s}x`), // empties a layer, which is collapsed
      up,
      down,
      quiesce,
      calling("churn"),
      advance,
    ],
  };
}
