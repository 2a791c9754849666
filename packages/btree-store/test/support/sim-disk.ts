// A disk that forgets. It records what is done to a file, and makes from that every file that a crash may leave: of
// what was not synced, each sector of 512 bytes is as before, or as after any of the writes to it, independently of
// all others; and so is the length of the file.
import type { Vfs, VfsFile, VfsMode } from "../../src/index.ts";

export const SECTOR = 512;

/** What was done to a file. */
export type DiskEvent =
  | { readonly kind: "write"; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly size: number }
  /** `covers`: how many events it is about, if not all before it. */
  | { readonly kind: "sync"; readonly covers?: number }
  /** Of the test: a transaction begins, or has been acknowledged. */
  | { readonly kind: "mark"; readonly name: string };

/** A place for one file. */
export class SimDisk implements Vfs {
  readonly log: DiskEvent[] = [];
  #bytes: Uint8Array;
  #size: number;
  #locked = false;
  /** Called before each call: may throw, or return a limit for how many bytes are read or written. */
  before: ((call: string) => number | undefined) | undefined;

  constructor(image: Uint8Array = new Uint8Array(0)) {
    this.#bytes = image.slice();
    this.#size = image.length;
  }

  mark(name: string): void {
    this.log.push({ kind: "mark", name });
  }

  /** What the file has, synced or not. */
  image(): Uint8Array {
    return this.#bytes.slice(0, this.#size);
  }

  identify(path: string): string {
    return path;
  }

  lock(): { release(): void } {
    if (this.#locked) throw new Error("The test has not given back the lock.");
    this.#locked = true;
    return {
      release: () => {
        this.#locked = false;
      },
    };
  }

  /** As if the process had ended: its lock and its open file are gone. */
  abandon(): void {
    this.#locked = false;
  }

  open(_path: string, _mode: VfsMode): VfsFile {
    return {
      size: () => this.#size,
      read: (target, position) => {
        const most = Math.min(this.#before("read") ?? Infinity, target.length);
        const count = Math.max(0, Math.min(most, this.#size - position));
        target.set(this.#bytes.subarray(position, position + count));
        return count;
      },
      write: (source, position) => {
        const count = Math.min(this.#before("write") ?? Infinity, source.length);
        const bytes = source.slice(0, count);
        this.#resize(Math.max(this.#size, position + count));
        this.#bytes.set(bytes, position);
        this.log.push({ kind: "write", position, bytes });
        return count;
      },
      truncate: (size) => {
        this.#before("truncate");
        this.#resize(size);
        this.log.push({ kind: "truncate", size });
      },
      sync: () => {
        this.#before("sync");
        this.log.push({ kind: "sync" });
      },
      syncLater: () => this.#syncLater(),
      close: () => {},
    };
  }

  /** Whether syncs in the background end only when the test calls what is `waiting`. */
  holdsSyncs = false;
  readonly waiting: (() => void)[] = [];

  #syncLater(): Promise<void> {
    const covers = this.log.length;
    return new Promise((resolve, reject) => {
      const end = () => {
        try {
          this.#before("sync");
          this.log.push({ kind: "sync", covers });
          resolve();
        } catch (error) {
          reject(error);
        }
      };
      if (this.holdsSyncs) this.waiting.push(end);
      else end();
    });
  }

  #before(call: string): number | undefined {
    return this.before?.(call);
  }

  #resize(size: number): void {
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(size, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = larger;
    }
    if (size < this.#size) this.#bytes.fill(0, size, this.#size);
    this.#size = size;
  }
}

/** What is on the disk after some events, and what may or may not be. */
export class CrashPoint {
  /** The file as it was when it was last synced. */
  readonly #synced: Uint8Array;
  /** For each sector that has changed since: its contents after each write, oldest first, without those before. */
  readonly #versions = new Map<number, Uint8Array[]>();
  /** The lengths that the file has had since, with the synced one first. */
  readonly #sizes: number[];
  readonly #sectors: number[];

  /** @param image the file before the first event */
  constructor(image: Uint8Array, events: readonly DiskEvent[]) {
    let lastSync = -1;
    events.forEach((event, i) => {
      if (event.kind === "sync") lastSync = Math.max(lastSync, (event.covers ?? i) - 1);
    });
    const synced = new SimDisk(image);
    const file = synced.open("", "readWrite");
    for (const event of events.slice(0, lastSync + 1)) apply(file, event);
    this.#synced = synced.image();
    this.#sizes = [this.#synced.length];
    for (const event of events.slice(lastSync + 1)) {
      apply(file, event);
      if (event.kind === "write") this.#addVersions(synced.image(), event);
      const size = file.size();
      if (!this.#sizes.includes(size)) this.#sizes.push(size);
    }
    this.#sectors = [...this.#versions.keys()].sort((a, b) => a - b);
  }

  #addVersions(
    now: Uint8Array,
    { position, bytes }: { position: number; bytes: Uint8Array },
  ): void {
    const last = Math.floor((position + bytes.length - 1) / SECTOR);
    for (let sector = Math.floor(position / SECTOR); sector <= last; sector++) {
      const version = sectorOf(now, sector);
      const known = this.#versions.get(sector) ?? [];
      const before = known.at(-1) ?? sectorOf(this.#synced, sector);
      if (!equal(before, version)) this.#versions.set(sector, [...known, version]);
    }
  }

  /** How many files a crash may leave here. */
  get count(): number {
    let count = this.#sizes.length;
    for (const versions of this.#versions.values()) count *= versions.length + 1;
    return count;
  }

  /** All of them. */
  *all(): Generator<Uint8Array> {
    const { count } = this;
    for (let i = 0; i < count; i++) yield this.#numbered(i);
  }

  /** Some of them: the extremes, then any. */
  *some(most: number, random: () => number): Generator<Uint8Array> {
    if (this.count <= most) {
      yield* this.all();
      return;
    }
    yield this.#built(() => 0, 0);
    yield this.#built((versions) => versions, this.#sizes.length - 1);
    for (let i = 2; i < most; i++) {
      const bias = [0.5, 0.1, 0.9][i % 3]!;
      const size = Math.floor(random() * this.#sizes.length);
      yield this.#built(
        (versions) => (random() < bias ? Math.floor(random() * versions) + 1 : 0),
        random() < 0.5 ? this.#sizes.length - 1 : size,
      );
    }
  }

  #numbered(number: number): Uint8Array {
    let rest = number;
    const digit = (base: number) => {
      const value = rest % base;
      rest = Math.floor(rest / base);
      return value;
    };
    const size = digit(this.#sizes.length);
    return this.#built((versions) => digit(versions + 1), size);
  }

  /** @param choose which version a sector has, 0 for the synced one */
  #built(choose: (versions: number) => number, size: number): Uint8Array {
    const image = new Uint8Array(this.#sizes[size]!);
    image.set(this.#synced.subarray(0, image.length));
    for (const sector of this.#sectors) {
      const versions = this.#versions.get(sector)!;
      const chosen = choose(versions.length);
      if (chosen === 0 || sector * SECTOR >= image.length) continue;
      image.set(versions[chosen - 1]!.subarray(0, image.length - sector * SECTOR), sector * SECTOR);
    }
    return image;
  }
}

function apply(file: VfsFile, event: DiskEvent): void {
  if (event.kind === "write") file.write(event.bytes, event.position);
  if (event.kind === "truncate") file.truncate(event.size);
}

function sectorOf(image: Uint8Array, sector: number): Uint8Array {
  const bytes = new Uint8Array(SECTOR);
  bytes.set(image.subarray(sector * SECTOR, (sector + 1) * SECTOR));
  return bytes;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}
