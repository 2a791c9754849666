// Values in boxes, which come, are replaced, and go. Odd values are in the value word, even ones in a box:
// see `payloadOf`. The keys' first values are 100, 101, ...: every second one has a box.
import {
  clear,
  compare,
  get,
  remove,
  scan,
  set,
  type TreeOperation,
} from "../../../tree/test/explorer/operations.ts";
import {
  advance,
  companions,
  p,
  quiesce,
  type Shape,
  up,
} from "../../../tree/test/explorer/shape.ts";
import { shapes } from "../../../tree/test/explorer/shapes.ts";
import { boxed, getBoxed, hasBox, setBoxed, swapBoxed, takeBoxed } from "./operations.ts";

/** Shapes that other trees have, too, in which entries move, layers come and go, and the memory grows. */
const others: readonly string[] = [
  "replaced only if it is there",
  "inserted only if it is not there",
  "changed only if it is the expected one",
  "full leaf",
  "three leaves, the middle one nearly empty",
  "a layer is made",
  "layer of one",
  "keys that share a slice",
  "a group becomes a layer",
  "everything goes",
  "memory grows",
];

/** All shapes of a tree with boxes, for a leaf of `width` entries. */
export function boxedShapes(width: number): readonly Shape[] {
  const some = shapes(width).filter(({ name }) => others.includes(name));
  return [...ownShapes(width), ...some].map(inBoxes);
}

const ownShapes = (width: number): readonly Shape[] => [
  {
    name: "a value in a box",
    keys: ["b"],
    calls: [
      get("b"),
      getBoxed("b", "readBox"),
      set("b", 2n), // a box by another of another size
      set("b", 4n), // a box by another of the same size
      set("b", 8n), // by one that is copied by one instruction
      setBoxed("b", 12n, "fillBox"),
      swapBoxed("replace", "b", 16n, "swapBox"), // and reads the old box
      swapBoxed("set", "b", 20n), // the same, and inserts
      swapBoxed("insert", "b", 24n), // reads the box that stays
      takeBoxed("b"), // reads the box that goes
      compare("b", 100n, 20n), // compares a box, and replaces it
      compare("b", 100n), // and removes it
      set("b", 3n), // a box by none
      remove("b"),
      clear,
      scan({ start: "b" }),
    ],
    sequences: [
      [set("b", 6n), set("b", 10n)],
      [remove("b"), set("b", 14n)],
      [set("b", 2n), quiesce], // frees the old box
    ],
    chosen: [
      [[set("b", 2n)], [set("b", 4n)], [get("b")]],
      [
        [set("b", 2n), quiesce],
        [advance, get("b")],
      ],
      [
        [remove("b"), quiesce, set("b", 4n)], // the old box's block again
        [advance, get("b")],
      ],
      [
        [set("b", 2n), quiesce, set("b", 4n)],
        [advance, getBoxed("b", "readBox")],
      ],
      [
        [clear, quiesce],
        [advance, up],
      ],
      [[set("b", 2n), quiesce], [get("b")], [advance, advance]],
      [
        [takeBoxed("b"), set("b", 2n)],
        [remove("b"), quiesce],
        [advance, swapBoxed("insert", "b", 4n)],
      ],
      [
        [compare("b", 100n, 20n), quiesce],
        [set("b", 2n), quiesce, set("b", 12n)], // the compared box's block again
        [advance, advance],
      ],
      [[takeBoxed("b")], [takeBoxed("b")], [swapBoxed("insert", "b", 2n, "swapBox")]],
    ],
    // Blocks besides the box.
    scarce: [
      [set("b", 2n), 0],
      [setBoxed("b", 12n, "fillBox"), 1],
    ],
  },
  {
    name: "a value in its word",
    keys: ["a", "b"],
    calls: [
      get("b"),
      set("b", 1n), // no box by none
      set("b", 2n), // none by a box
      set("c", 4n), // a new key with a box
      set(`${p}y`, 8n), // and with a block for its suffix
      remove("b"),
      up,
    ],
    sequences: [[set("b", 6n), set("b", 3n)]],
    scarce: [
      [set("c", 4n), 0],
      [set(`${p}y`, 8n), 1],
    ],
  },
  {
    name: "boxes in a layer",
    keys: [`${p}x`, "a", `${p}y`, ...companions(width)],
    removed: companions(width),
    calls: [
      get(`${p}x`),
      set(`${p}x`, 2n),
      set(`${p}z`, 4n),
      remove(`${p}x`),
      remove(`${p}y`), // together they empty the layer, which is collapsed
      clear,
      up,
    ],
    sequences: [[remove(`${p}x`), remove(`${p}y`), quiesce]],
    scarce: [[set(`${p}w`, 8n), 0]],
  },
];

/** The same shape on a tree with boxes: a box is one more block that can be refused. */
function inBoxes(shape: Shape): Shape {
  const { calls, sequences, chosen, scarce } = shape;
  return {
    ...shape,
    translate: boxed,
    calls: calls.map(boxed),
    ...(sequences && { sequences: sequences.map((list) => list.map(boxed)) }),
    ...(chosen && { chosen: chosen.map((lists) => lists.map((list) => list.map(boxed))) }),
    ...(scarce && {
      scarce: scarce.map(([call, blocks]): readonly [TreeOperation, number] => {
        const { input } = call;
        const isLarger = call.call === "put" && hasBox(BigInt(input!.value!));
        return [boxed(call), isLarger ? blocks + 1 : blocks];
      }),
    }),
  };
}
