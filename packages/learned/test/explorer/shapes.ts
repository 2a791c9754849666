// The indexes that programs start from, with calls that meet in the same lines.
//
// Nodes have as few lines as they can: of four keys a node has two lines, which part in the middle between the second key
// and the third one. Where a shape says which line has which keys, a bar stands between two lines, and brackets around a
// child's. The letters between two keys are keys that could come.
import { advance, maintain, quiesce, type Shape } from "../../../tree/test/explorer/shape.ts";
import {
  add,
  calling,
  clear,
  clearing,
  compare,
  configure,
  counting,
  dividing,
  find,
  get,
  insert,
  keyOf,
  load,
  rebuild,
  remove,
  replace,
  scan,
  set,
  setTogether,
  statistic,
} from "./operations.ts";

const up = scan();
const down = scan({ reverse: true });

/** Few lines for each key; conflicts are counted, and nothing is too deep. */
const counted = configure(1000, 8, 500);
/** Whatever is deeper than the first node counts fourfold: each conflict there has something rebuilt. */
const shallow = configure(1000, 1, 500);
/** Nothing is rebuilt but what is empty. */
const left = configure(1000, 8, 1000, false);

/** The steps that set the keys of letters. */
function keys(letters: string): string[] {
  return Array.from(letters, keyOf);
}

/** b c d | f h: the first line has no room. No conflict counts yet. */
const nearlyFull = { keys: keys("bdfh"), steps: ["!rebuild", ...keys("c")] };
/** [a | b c d] | f g h: another conflict is one too many. */
const deep = { keys: keys("bdfh"), steps: ["!rebuild", ...keys("cag")] };

const lines: readonly Shape[] = [
  {
    name: "an empty index",
    keys: [],
    options: [counted],
    calls: [
      get("b"),
      set("b", 1n),
      set("c", 2n),
      insert("b", 3n),
      add("b", 4n),
      remove("b"),
      load("bdfh", 5n),
      rebuild,
      up,
      statistic("size"),
    ],
    sequences: [
      [set("b", 11n), remove("b"), set("c", 12n)], // a tombstone becomes another key's
      [set("b", 13n), set("c", 14n), set("d", 15n), set("e", 16n)], // and a first node
    ],
    chosen: [
      [[set("b", 1n)], [set("b", 2n)], [get("b")]],
      [[set("b", 1n)], [set("c", 2n)], [up]],
      // Who removes is another than who inserted: its share of the count is below zero.
      [[set("b", 1n)], [remove("b")], [statistic("size")]],
    ],
  },
  {
    name: "a full line above all nodes",
    keys: keys("bdf"),
    options: [counted],
    calls: [
      get("b"),
      get("e"),
      set("a", 1n), // makes the first node
      set("e", 2n), // the same, elsewhere
      set("d", 3n), // replaces
      remove("d"),
      clear,
      up,
      down,
      rebuild,
    ],
    sequences: [
      [remove("d"), set("c", 4n)], // its slot is another's
      [remove("d"), set("d", 5n)], // the same key's again
      [set("e", 6n), set("g", 7n)],
      [set("e", 8n), remove("b"), remove("d")], // back to a line of entries
    ],
    scarce: [[set("a", 1n), 1]],
    chosen: [
      [[set("a", 1n)], [set("e", 2n)], [get("d")]],
      [[set("a", 1n)], [set("a", 2n)], [remove("a")]],
      [[remove("d"), set("c", 4n)], [remove("b"), set("a", 5n)], [up]],
    ],
  },
  {
    name: "a tombstone in a line",
    keys: keys("bdf"),
    removed: keys("d"),
    options: [counted],
    calls: [
      get("d"),
      get("b"),
      set("d", 1n), // the same key again
      set("c", 2n), // another one
      insert("d", 3n),
      remove("b"),
      up,
      down,
    ],
    sequences: [
      [remove("b"), set("a", 4n)],
      [set("c", 5n), remove("c")],
      [remove("f"), set("f", 6n)],
      [remove("b"), remove("f"), set("e", 7n)],
    ],
    chosen: [
      [[set("d", 1n)], [set("c", 2n)], [get("d")]],
      [
        [remove("b"), set("c", 8n)], // either slot
        [get("b"), get("c")],
      ],
    ],
  },
  {
    name: "a node of two lines",
    // b d | f h
    keys: keys("bdfh"),
    options: [counted],
    calls: [
      get("b"),
      get("c"),
      set("c", 1n), // fresh
      set("g", 2n), // fresh, in the other line
      set("b", 3n), // replaces
      remove("b"),
      remove("h"),
      up,
      down,
      rebuild,
      load("cg", 4n),
      load("bf", 20n), // replaces
    ],
    sequences: [
      [remove("b"), set("a", 5n)],
      [set("c", 6n), set("a", 7n)], // the second one conflicts
      [remove("b"), remove("d")], // becomes a line of entries
      [remove("f"), remove("h"), set("e", 8n)], // the line has none for a while
    ],
    scarce: [
      [rebuild, 2],
      [load("cg", 4n), 3],
    ],
  },
  {
    name: "changed on a condition",
    // The values of b d f h are 100 to 103.
    keys: keys("bdfh"),
    options: [counted],
    calls: [
      replace("d", 2n),
      replace("c", 4n), // is not there
      insert("c", 6n),
      insert("d", 8n), // is there
      compare("d", 101n, 10n),
      compare("d", 101n), // removes
      compare("c", 101n, 12n), // is not there
      add("d", 14n),
      add("c", 16n), // is not there
      set("d", 18n),
      remove("d"),
      get("d"),
    ],
    sequences: [
      [remove("d"), set("d", 101n)], // the same again
      [remove("d"), set("c", 101n)], // the slot is another's
      [set("d", 20n), compare("d", 20n)],
    ],
    chosen: [
      [[compare("d", 101n, 2n)], [compare("d", 101n, 4n)], [compare("d", 2n, 101n)]],
      [[add("c", 2n)], [add("c", 4n)], [remove("c")]],
      [[insert("c", 2n)], [insert("c", 4n)], [remove("c")]],
    ],
  },
];

const conflicts: readonly Shape[] = [
  {
    name: "a line of a node gets a child",
    ...nearlyFull,
    options: [counted],
    calls: [
      get("b"),
      get("a"),
      set("a", 1n), // makes the child
      insert("a", 2n),
      set("c", 3n), // replaces in that line
      remove("b"),
      set("g", 4n), // fresh, in the other line
      up,
      down,
      clear,
      rebuild,
    ],
    sequences: [
      [set("a", 5n), remove("a")],
      [remove("b"), set("a", 6n)], // a slot instead
      [set("a", 7n), set("`", 8n)], // fresh, in the child
    ],
    scarce: [[set("a", 1n), 1]],
    chosen: [
      [[set("a", 1n)], [set("`", 2n)], [get("c")]],
      [[set("a", 1n)], [remove("c")], [up]],
      [[set("a", 1n)], [find("d", "a", "c")]],
    ],
  },
  {
    name: "a conflict that is too deep",
    ...nearlyFull,
    options: [shallow],
    calls: [
      get("b"),
      get("h"),
      set("a", 1n), // makes a child, and rebuilds the node
      set("c", 2n),
      set("g", 3n),
      remove("b"),
      remove("f"),
      clear,
      up,
      down,
      rebuild,
    ],
    sequences: [
      [set("a", 4n), quiesce],
      [set("a", 5n), set("`", 6n)],
      [remove("f"), remove("h"), set("e", 7n)],
    ],
    // The child, the entries, and the new node; then without a rebuild.
    scarce: [[set("a", 1n), 3]],
    chosen: [
      [[set("a", 1n)], [set("`", 2n)], [get("c")]],
      [[set("a", 1n), quiesce], [advance, get("c")], [advance]],
    ],
  },
  {
    name: "a conflict that is one too many",
    ...deep,
    options: [counted],
    calls: [
      get("a"),
      get("i"),
      set("i", 1n), // makes a child, and rebuilds both nodes and it
      set("e", 2n), // the same
      set("b", 3n),
      set("f", 4n),
      insert("a", 5n), // is there
      remove("b"),
      remove("g"),
      clear,
      up,
      down,
      rebuild,
      load("acegi", 10n),
    ],
    sequences: [
      [set("i", 6n), quiesce],
      [remove("g"), set("i", 7n)], // a slot instead
      [set("i", 8n), remove("i"), quiesce],
    ],
    // The child, the entries, and the new nodes.
    scarce: [[set("i", 1n), 4]],
    chosen: [
      [[set("i", 1n)], [set("e", 2n)], [get("f")]],
      [[set("i", 1n)], [remove("b"), set("b", 9n)], [up]],
      [
        [set("i", 1n), quiesce],
        [advance, get("a")],
        [advance, advance],
      ],
      [
        [set("i", 1n), quiesce, set("j", 9n)], // blocks of the old nodes again
        [advance, up],
      ],
    ],
  },
  {
    name: "a rebuild within a rebuild",
    // b d | [f h | i j l] | [n p | q r t] | v x
    keys: keys("bdfhjlnprtvx"),
    steps: ["!rebuild", ...keys("iq")],
    // What the third node makes is too deep. Then the second one is spent, and of the first one's six conflicts four.
    options: [configure(1000, 2, 500)],
    calls: [
      get("j"),
      set("k", 1n), // rebuilds a child; or everything, if it comes second
      set("s", 2n), // the same of the other child
      set("g", 3n),
      remove("l"),
      rebuild,
      up,
      down,
    ],
    sequences: [
      [set("k", 4n), set("s", 5n)],
      [set("k", 6n), quiesce],
      [remove("j"), remove("l"), remove("i")],
    ],
    chosen: [
      [[set("k", 1n)], [set("s", 2n)], [rebuild]],
      [[set("k", 1n)], [rebuild], [get("i")]],
      [[set("k", 1n)], [rebuild], [remove("l")]],
    ],
  },
];

const removals: readonly Shape[] = [
  {
    name: "a removal that is one too many",
    // (b) d | f h
    keys: keys("bdfh"),
    removed: keys("b"),
    options: [counted],
    calls: [
      get("f"),
      get("d"),
      remove("d"), // becomes a line of entries
      remove("f"), // the same
      set("b", 1n), // a tombstone again
      set("c", 2n), // the same, another key
      set("f", 3n),
      set("e", 4n),
      up,
      down,
      rebuild,
    ],
    sequences: [
      [remove("d"), set("e", 5n)],
      [remove("d"), quiesce],
      [set("b", 6n), remove("b")],
      [remove("f"), set("a", 7n), set("c", 8n)], // and a node again
    ],
    // The entries: without, it is put off.
    scarce: [[remove("d"), 1]],
    chosen: [
      [[remove("d")], [remove("f")], [get("h")]],
      [[remove("d")], [set("c", 2n)], [up]],
      [[remove("d"), quiesce], [advance, get("h")], [advance]],
    ],
  },
  {
    name: "the last entry of a node",
    // (b d) | (f) h
    keys: keys("bdfh"),
    removed: keys("bdf"),
    options: [left],
    calls: [
      get("h"),
      remove("h"), // the node goes
      set("h", 1n),
      set("b", 2n), // sets a bit
      set("g", 3n),
      clear,
      up,
      down,
      rebuild,
    ],
    sequences: [
      [remove("h"), set("h", 4n)],
      [set("b", 5n), remove("b")], // sets a bit, and clears it
      [remove("h"), quiesce],
      [remove("h"), set("b", 6n), set("d", 7n)],
    ],
    chosen: [
      [[remove("h")], [set("b", 2n)], [up]],
      [[remove("h")], [remove("h")], [set("g", 3n)]],
      // What a scan does not see has gone, and what a search sees is there.
      [[remove("h")], [up, get("h")]],
      [[set("b", 2n)], [get("b"), up]],
    ],
  },
  {
    name: "the last entry of two nodes",
    // [a | (b c d)] | (f h)
    keys: keys("bdfhca"),
    removed: keys("fhbcd"),
    options: [left],
    calls: [
      get("a"),
      remove("a"), // both nodes go
      set("b", 1n),
      set("f", 2n),
      set("`", 3n),
      clear,
      up,
      down,
      rebuild,
    ],
    sequences: [
      [remove("a"), set("a", 4n)],
      [remove("a"), quiesce],
      [set("f", 5n), remove("f")],
    ],
    chosen: [
      [[remove("a")], [set("f", 2n)], [get("f")]],
      [[remove("a")], [rebuild], [set("b", 1n)]],
      [[remove("a")], [set("f", 2n), remove("f")]],
    ],
  },
  {
    name: "bits above bits",
    // | b | d f | h | j l | n p
    keys: keys("bdfhjlnp"),
    steps: ["!rebuild"],
    options: [configure(2000, 8, 1000, false)],
    calls: [
      get("b"),
      set("`", 1n), // sets the bit of the first line
      remove("b"), // clears that of the second one
      remove("h"),
      set("b", 2n),
      scan({ limit: 1 }),
      scan({ start: "e", limit: 2 }),
      scan({ start: "g", reverse: true, limit: 1 }),
      up,
      down,
    ],
    sequences: [
      [remove("b"), set("b", 3n)],
      [remove("b"), set("`", 4n)],
      [set("`", 5n), remove("`"), remove("b")],
      [remove("d"), remove("f"), remove("h")],
    ],
    chosen: [
      [[set("`", 1n)], [remove("b")], [up]],
      [[remove("h")], [remove("d"), remove("f")], [down]],
      [[remove("b"), set("`", 4n)], [scan({ limit: 1 })], [scan({ limit: 1 })]],
    ],
  },
];

const whole: readonly Shape[] = [
  {
    name: "everything goes",
    ...deep,
    options: [counted],
    calls: [
      clear,
      clearing({ start: "c", end: "g" }),
      get("c"),
      set("i", 1n),
      set("c", 2n),
      remove("d"),
      up,
      rebuild,
    ],
    sequences: [
      [clear, set("e", 3n)],
      [clear, quiesce],
      [clearing({ start: "c", end: "g" }), set("d", 4n), set("g", 5n)],
    ],
  },
  {
    name: "entries are loaded",
    keys: keys("bdf"),
    options: [counted],
    calls: [
      load("ac", 10n),
      load("bdfhj", 20n),
      load("z", 30n),
      set("a", 1n), // makes a node
      set("d", 2n),
      remove("d"),
      get("d"),
      up,
      rebuild,
    ],
    sequences: [
      [load("ac", 40n), load("ce", 50n)],
      [load("bdfhj", 60n), quiesce],
    ],
    scarce: [[load("bdfhj", 20n), 4]],
  },
  {
    name: "parts of the keys are read",
    ...deep,
    options: [counted],
    calls: [
      counting({}, 6, 8),
      counting({ start: "c", end: "g" }, 3, 4),
      dividing(),
      dividing({ start: "b", end: "f" }),
      scan({ start: "b", limit: 2 }),
      scan({ start: "g", limit: 2, reverse: true }),
      find("g", "a", "i", "c"),
    ],
    sequences: [
      [set("i", 1n), remove("i")],
      [remove("b"), set("b", 2n)],
      [remove("g"), set("e", 3n)],
      [rebuild, quiesce],
      [setTogether("d", 4n), setTogether("i", 5n)],
    ],
  },
  {
    name: "blocks run out",
    ...nearlyFull,
    options: [shallow],
    calls: [
      // Each makes many blocks: caches are filled and spilled, slabs are made and given back.
      calling("churn"),
      set("a", 1n),
      rebuild,
      remove("b"),
      calling("cycle"), // leaves and comes back
      get("b"),
      maintain,
    ],
    sequences: [[calling("churn"), calling("cycle")]],
    chosen: [
      [[calling("churn")], [rebuild], [calling("cycle")]],
      [[rebuild, calling("cycle")], [rebuild], [advance, get("b")]],
    ],
  },
  {
    name: "memory grows",
    ...nearlyFull,
    options: [shallow],
    isFull: true,
    calls: [
      calling("churn"),
      set("a", 1n),
      rebuild,
      load("bdfhj", 10n),
      get("a"),
      up,
      calling("cycle"),
    ],
  },
  {
    name: "statistics are read",
    ...deep,
    options: [counted],
    calls: [
      set("i", 1n),
      set("c", 2n),
      remove("d"),
      clear,
      rebuild,
      calling("churn"),
      calling("cycle"),
    ],
    // What `map.stats()` reads, and in the order in which it does.
    sequences: [
      [
        ...["size", "layers", "leaves", "internodes", "height"].map((call) => statistic(call)),
        statistic("count", 0, 0, 0, 100),
      ],
      ["liveBytes", "liveBlocks", "retiredBytes", "retiredBlocks", "rebuildCount"].map((call) =>
        statistic(call),
      ),
      [
        statistic("participants"),
        ...[1, 2, 3].flatMap((number) => [
          statistic("stateOf", number),
          statistic("pinnedOf", number),
        ]),
      ],
    ],
  },
];

/** An index in which every kind of call can be made, so that each meets each. */
const meeting: Shape = {
  name: "everything meets",
  ...deep,
  options: [counted],
  calls: [
    get("b"),
    find("f", "b"),
    set("`", 1n), // fresh
    set("i", 2n), // makes a child, and rebuilds
    set("b", 3n), // replaces
    replace("b", 4n),
    insert("`", 5n), // fresh
    insert("b", 6n), // is there
    compare("b", 100n, 7n),
    compare("b", 100n), // removes
    add("b", 8n),
    setTogether("i", 9n),
    remove("b"),
    remove("g"),
    clear,
    load("bi", 10n),
    rebuild,
    up,
    down,
    counting({}, 0, 9),
    quiesce,
    calling("churn"),
    advance,
  ],
};

/** All shapes. */
export const shapes: readonly Shape[] = [...lines, ...conflicts, ...removals, ...whole, meeting];
