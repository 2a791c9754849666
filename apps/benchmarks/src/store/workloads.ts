// What is measured of each store. Each workload checks what it was given.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { median } from "../bench/statistics.ts";
import { Difference } from "../failure.ts";
import { count } from "../format.ts";
import { below, randomFrom } from "../random.ts";
import { type Contents, sumOf, valueFor } from "./contents.ts";
import type { Entry, OpenStore, StorePeer } from "./peer.ts";
import { readInThreads } from "./reading.ts";

/** What a workload gets: a directory of its own. */
export interface Scene {
  readonly peer: StorePeer;
  readonly directory: string;
  readonly contents: Contents;
  readonly valueBytes: number;
  readonly seed: number;
  readonly threads: number;
  /** How many calls of get, and how many single commits. */
  readonly gets: number;
  readonly commits: number;
  readonly workerScript: URL;
}

export interface Workload {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  /** Whether more is better. */
  readonly more: boolean;
  /** Whether it needs several threads to read one store. */
  readonly threads?: boolean;
  run(scene: Scene): Promise<number>;
}

const now = () => performance.now();

export const workloads: readonly Workload[] = [
  {
    name: "get",
    title: "point reads of cached pages, many in one transaction, one thread",
    unit: "us/get",
    more: false,
    run: (scene) => withFilled(scene, (store) => timeOfGet(scene, store, readSome)),
  },
  {
    name: "get-each",
    title: "point reads of cached pages, each in a transaction of its own, one thread",
    unit: "us/get",
    more: false,
    run: (scene) => withFilled(scene, (store) => timeOfGet(scene, store, readEach)),
  },
  {
    name: "get-threads",
    title: "point reads of cached pages, several threads",
    unit: "gets/s",
    more: true,
    threads: true,
    run: (scene) => withFilled(scene, (store) => readInThreads(scene, store)),
  },
  {
    name: "batch",
    title: "all entries in one commit",
    unit: "ms",
    more: false,
    async run({ peer, directory, contents }) {
      const store = await peer.open(directory);
      try {
        const from = now();
        await store.putAll(contents.entries);
        return now() - from;
      } finally {
        await store.close();
      }
    },
  },
  {
    name: "commit",
    title: "single commits, each on the disk",
    unit: "us/commit",
    more: false,
    run: (scene) =>
      withFilled(scene, async (store) => {
        const { commits, contents, valueBytes, seed } = scene;
        const random = randomFrom(seed + 3);
        const from = now();
        for (let i = 0; i < commits; i++) {
          const [key] = contents.entries[below(random, contents.entries.length)]!;
          const put = store.put(key, valueFor(key, valueBytes));
          if (put instanceof Promise) await put;
        }
        return (1000 * (now() - from)) / commits;
      }),
  },
  {
    name: "scan",
    title: "all entries in order",
    unit: "entries/s",
    more: true,
    run: (scene) =>
      withFilled(scene, async (store) => {
        const { sortedKeys } = scene.contents;
        const from = now();
        const found = await store.scan("", sortedKeys.length + 1);
        const elapsed = now() - from;
        const sum = sumOf(sortedKeys, scene.valueBytes);
        if (found.seen !== sortedKeys.length || found.sum !== sum) {
          throw new Difference(`${scene.peer.name}: a scan has seen other entries`);
        }
        return (1000 * sortedKeys.length) / elapsed;
      }),
  },
  {
    name: "size",
    title: "file size after random inserts in one commit, for each byte of keys and values",
    unit: "bytes/byte",
    more: false,
    run: (scene) => sizeAfter(scene, Infinity),
  },
  {
    name: "size-commits",
    title: "file size after random inserts in commits of 1,000, for each byte of keys and values",
    unit: "bytes/byte",
    more: false,
    run: (scene) => sizeAfter(scene, 1000),
  },
  {
    name: "open",
    title: "opening a filled store, and its first read",
    unit: "ms",
    more: false,
    async run(scene) {
      await withFilled(scene, () => 0);
      const [key, value] = scene.contents.entries[0]!;
      return timeOfOpening(scene.peer, scene.directory, key, value);
    },
  },
];

/** Entries of a commit that fills a large store. */
const ENTRIES_OF_COMMIT = 50_000;
/** How often it is opened for one sample. */
const OPENINGS = 9;

/** How long a store takes to open, and to read a first value, once its files have some bytes: the median of several times. */
export function openingOf(bytes: number): Workload {
  return {
    name: "open-large",
    title: `opening a store of ${count(bytes)} bytes, and its first read`,
    unit: "ms",
    more: false,
    async run({ peer, directory, valueBytes }) {
      const keyAt = (i: number) => i.toString(16).padStart(16, "0");
      const filled = await peer.open(directory);
      let entries = 0;
      while (bytesIn(directory) < bytes) {
        const part = Array.from({ length: ENTRIES_OF_COMMIT }, (_, i): Entry => {
          const key = keyAt(entries + i);
          return [key, valueFor(key, valueBytes)];
        });
        await filled.putAll(part);
        entries += part.length;
      }
      await filled.close();
      const times: number[] = [];
      for (let i = 0; i < OPENINGS; i++) {
        const key = keyAt(Math.floor((i * entries) / OPENINGS));
        times.push(await timeOfOpening(peer, directory, key, valueFor(key, valueBytes)));
      }
      return median(times);
    },
  };
}

/** Milliseconds. @throws Difference for a wrong value */
async function timeOfOpening(
  peer: StorePeer,
  directory: string,
  key: string,
  value: string,
): Promise<number> {
  const from = now();
  const store = await peer.open(directory);
  const found = store.get(key);
  const elapsed = now() - from;
  await store.close();
  if (found !== value) throw new Difference(`${peer.name}: opened, it has other values`);
  return elapsed;
}

async function withFilled<R>(
  { peer, directory, contents }: Scene,
  run: (store: OpenStore) => R | Promise<R>,
): Promise<R> {
  const store = await peer.open(directory);
  try {
    await store.putAll(contents.entries);
    return await run(store);
  } finally {
    await store.close();
  }
}

/** Microseconds for a read. */
function timeOfGet(scene: Scene, store: OpenStore, read: typeof readSome): number {
  read(scene, store, Math.min(scene.gets, 20_000), 1);
  const from = now();
  read(scene, store, scene.gets, 2);
  return (1000 * (now() - from)) / scene.gets;
}

/** What reading needs to know. */
type Readable = Pick<Scene, "contents" | "valueBytes" | "seed"> & {
  readonly peer: { readonly name: string };
};

/** Reads random keys, in one transaction if there are such. @throws Difference for a wrong value */
export function readSome(scene: Readable, store: OpenStore, count: number, round: number): void {
  const read = (get: (key: string) => string | undefined) => readKeys(scene, get, count, round);
  if (store.reading === undefined) read((key) => store.get(key));
  else store.reading(read);
}

/** The same, each in a transaction of its own. */
function readEach(scene: Readable, store: OpenStore, count: number, round: number): void {
  readKeys(scene, (key) => store.get(key), count, round);
}

function readKeys(
  { peer, contents, valueBytes, seed }: Readable,
  get: (key: string) => string | undefined,
  count: number,
  round: number,
): void {
  const random = randomFrom(seed + round);
  const { entries } = contents;
  for (let i = 0; i < count; i++) {
    const [key] = entries[below(random, entries.length)]!;
    const value = get(key);
    if (value?.length !== valueBytes || !value.startsWith(key)) {
      throw new Difference(`${peer.name}: the value of ${key} is wrong`);
    }
  }
}

/** Bytes of the files for each byte of the entries, which come in commits of some number. */
async function sizeAfter({ peer, directory, contents }: Scene, commit: number): Promise<number> {
  const { entries, bytes } = contents;
  const store = await peer.open(directory);
  for (let at = 0; at < entries.length; at += commit) {
    await store.putAll(entries.slice(at, at + commit));
  }
  await store.close();
  return bytesIn(directory) / bytes;
}

/** Bytes of all files in a directory; of what a file has at its end and was never written, none. */
function bytesIn(directory: string): number {
  let sum = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      sum += bytesIn(path);
      continue;
    }
    const { size, blocks } = statSync(path);
    sum += Math.min(size, 512 * blocks);
  }
  return sum;
}
