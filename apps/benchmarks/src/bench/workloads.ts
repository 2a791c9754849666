// What is measured, as data: every workload with what it needs of a map and what its threads do.
import type { ChoiceName } from "./choice.ts";
import type { Capability } from "./peers/peer.ts";
import type { Unit } from "./result.ts";

/** What a thread does again and again. */
export type Operation =
  | "get"
  | "get absent"
  | "get fresh"
  | "get many"
  | "update"
  | "modify"
  | "insert"
  | "increment"
  | "scan"
  | "scan back"
  | "scan prefix"
  | "scan all"
  | "for each";

/** Entries of a short scan, and keys of a `get many`. */
export const SHORT = 100;

/** What all threads do together once, to all keys. */
export type Pass = "insert" | "insert sorted" | "insert if absent" | "remove" | "load" | "replay";

export type Shape =
  /** The full map, for a time. Shares are of 100. `hot` is one key for all. */
  | {
      readonly kind: "steady";
      readonly mix: readonly (readonly [Operation, number])[];
      readonly hot?: true;
    }
  | { readonly kind: "pass"; readonly pass: Pass }
  | { readonly kind: "special"; readonly what: "memory" | "fill" | "churn" | "wake" | "open" };

export interface Workload {
  readonly name: string;
  readonly description: string;
  readonly unit: Unit;
  readonly needs: readonly Capability[];
  /** Whether threads change the map. Some maps can be shared by readers only. */
  readonly writes: boolean;
  /** Only with this many threads, if it is not for any number. */
  readonly threads?: 1 | 2;
  /** Only for keys of this type. */
  readonly onlyStrings?: true;
  /** The ways of choosing keys that it knows; the first is the usual one. Empty if it takes every key once. */
  readonly choices: readonly ChoiceName[];
  readonly shape: Shape;
}

/** The name of the choice of workloads that take every key once. */
export const EVERY_KEY = "all";

const anyChoice: readonly ChoiceName[] = ["uniform", "zipfian", "latest", "sequential"];
const zipfianFirst: readonly ChoiceName[] = ["zipfian", "uniform", "latest", "sequential"];

type Rest = Omit<Workload, "name" | "description" | "shape">;

function steady(
  name: string,
  description: string,
  mix: readonly (readonly [Operation, number])[],
  rest: Partial<Rest> = {},
): Workload {
  const writes = mix.some(([operation]) =>
    ["update", "modify", "insert", "increment"].includes(operation),
  );
  const usual: Rest = { unit: "operations/s", needs: [], writes, choices: anyChoice };
  return { ...usual, ...rest, name, description, shape: { kind: "steady", mix } };
}

function pass(name: string, description: string, what: Pass, rest: Partial<Rest> = {}): Workload {
  const usual: Rest = { unit: "operations/s", needs: [], writes: true, choices: [] };
  return { ...usual, ...rest, name, description, shape: { kind: "pass", pass: what } };
}

/** In the order in which they run: those that leave the map full come before those that need it so. */
export const workloads: readonly Workload[] = [
  {
    name: "memory",
    description: "bytes that an entry takes after inserting in random order, keys included",
    unit: "bytes/entry",
    needs: [],
    writes: true,
    threads: 1,
    choices: [],
    shape: { kind: "special", what: "memory" },
  },
  pass("insert", "new keys in random order, into an empty map", "insert"),
  steady("get", "a key that is there", [["get", 100]]),
  steady("get-miss", "a key that is not there", [["get absent", 100]], { choices: ["uniform"] }),
  steady(
    "get-fresh",
    "a key that is there, with its text built anew as if it were read from input",
    [["get fresh", 100]],
    {
      onlyStrings: true,
    },
  ),
  steady("get-many", `${SHORT} keys with one call; counts keys`, [["get many", 100]], {
    unit: "entries/s",
    needs: ["getMany"],
  }),
  steady("update", "a new value for a key that is there", [["update", 100]]),
  steady("mixed-50-50", "half gets, half updates", [
    ["get", 50],
    ["update", 50],
  ]),
  steady("mixed-90-10", "90 % gets, 10 % updates", [
    ["get", 90],
    ["update", 10],
  ]),
  steady("mixed-95-5", "95 % gets, 5 % updates", [
    ["get", 95],
    ["update", 5],
  ]),
  steady("scan", "all entries with for...of; counts entries", [["scan all", 100]], {
    unit: "entries/s",
    needs: ["entries"],
    choices: [],
  }),
  steady(
    "for-each",
    "all entries with the map's own forEach; counts entries",
    [["for each", 100]],
    {
      unit: "entries/s",
      needs: ["forEach"],
      choices: [],
    },
  ),
  steady(
    "scan-100",
    `${SHORT} entries in ascending order from a key on; counts entries`,
    [["scan", 100]],
    {
      unit: "entries/s",
      needs: ["range"],
    },
  ),
  steady(
    "scan-reverse",
    `${SHORT} entries in descending order from a key on; counts entries`,
    [["scan back", 100]],
    {
      unit: "entries/s",
      needs: ["range"],
    },
  ),
  steady(
    "scan-prefix",
    `up to ${SHORT} entries whose keys begin with a text; counts entries`,
    [["scan prefix", 100]],
    {
      unit: "entries/s",
      needs: ["range"],
      onlyStrings: true,
    },
  ),
  {
    ...steady("hot-key", "half gets, half updates, by all threads of one and the same key", [
      ["get", 50],
      ["update", 50],
    ]),
    choices: [],
    shape: {
      kind: "steady",
      mix: [
        ["get", 50],
        ["update", 50],
      ],
      hot: true,
    },
  },
  steady(
    "add",
    "adds 1 to one of up to 1,000 counters, in one step against all threads",
    [["increment", 100]],
    {
      needs: ["increment"],
      choices: zipfianFirst,
    },
  ),
  steady(
    "ycsb-a",
    "YCSB A, update heavy: half gets, half updates",
    [
      ["get", 50],
      ["update", 50],
    ],
    {
      choices: zipfianFirst,
    },
  ),
  steady(
    "ycsb-b",
    "YCSB B, read mostly: 95 % gets, 5 % updates",
    [
      ["get", 95],
      ["update", 5],
    ],
    {
      choices: zipfianFirst,
    },
  ),
  steady("ycsb-c", "YCSB C, read only", [["get", 100]], { choices: zipfianFirst }),
  steady(
    "ycsb-d",
    "YCSB D, read latest: 95 % gets of keys that came last, 5 % inserts",
    [
      ["get", 95],
      ["insert", 5],
    ],
    {
      choices: ["latest"],
    },
  ),
  steady(
    "ycsb-e",
    `YCSB E, short ranges: 95 % scans of up to ${SHORT} entries, 5 % inserts; counts operations`,
    [
      ["scan", 95],
      ["insert", 5],
    ],
    {
      needs: ["range"],
      choices: zipfianFirst,
    },
  ),
  steady(
    "ycsb-f",
    "YCSB F: half gets, half reads and writes in one step",
    [
      ["get", 50],
      ["modify", 50],
    ],
    {
      needs: ["modify"],
      choices: zipfianFirst,
    },
  ),
  {
    name: "wake",
    description: "from setting a key until a thread that waits for its value goes on",
    unit: "us",
    needs: ["waitFor", "share"],
    writes: true,
    threads: 2,
    choices: [],
    shape: { kind: "special", what: "wake" },
  },
  {
    name: "open",
    description: "from sending the full map to a thread that runs until it has read a key",
    unit: "us",
    needs: ["open"],
    writes: false,
    threads: 1,
    choices: [],
    shape: { kind: "special", what: "open" },
  },
  {
    name: "churn-stall",
    description:
      "how long the event loop stalls at worst while entries are removed and set again, keys built anew",
    unit: "ms",
    needs: [],
    writes: true,
    threads: 1,
    choices: [],
    shape: { kind: "special", what: "churn" },
  },
  pass("remove", "every key, in random order", "remove"),
  {
    name: "fill-stall",
    description: "how long the event loop stalls at worst while the map is filled, keys built anew",
    unit: "ms",
    needs: [],
    writes: true,
    threads: 1,
    choices: [],
    shape: { kind: "special", what: "fill" },
  },
  pass("insert-sorted", "new keys in ascending order, into an empty map", "insert sorted"),
  pass(
    "insert-if-absent",
    "every thread sets every key if it is absent, all in the same order",
    "insert if absent",
    {
      needs: ["setIfAbsent"],
    },
  ),
  pass("bulk-load", "a map made of entries that are sorted already", "load", {
    needs: ["load"],
    threads: 1,
  }),
];

/** A replay is no part of the table: it needs a file. */
export const replay: Workload = pass(
  "trace",
  "the operations of a file, each key's in their order",
  "replay",
);

export const workloadNames: readonly string[] = workloads.map(({ name }) => name);

export function workloadOf(name: string): Workload {
  const found =
    name === replay.name ? replay : workloads.find((workload) => workload.name === name);
  if (found === undefined) throw new Error(`there is no workload '${name}'`);
  return found;
}
