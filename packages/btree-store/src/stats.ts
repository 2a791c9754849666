// What a store says of itself.
import type { ValueKind } from "masstree/codecs";
import { SNAPSHOT_ENTRY, VALUE_AT } from "./generated/store-exports.ts";
import type { Recovery } from "./open-file.ts";
import type { PageMemory } from "./page-memory.ts";

/** What the file says of a bucket. */
export interface BucketInfo {
  readonly name: string;
  /** The kind of its keys: `"string"`, or the text of a codec, such as `"tuple(string,number)"` or `own("ipv4")`. */
  readonly key: string;
  /** How its values become bytes: `"json"`, `custom("msgpack")`; `"custom"` for a codec without a name. */
  readonly value: ValueKind;
  readonly size: number;
  /** The commit that created it. */
  readonly created: number;
}

/** A snapshot that is open, in any thread. */
export interface SnapshotStats {
  /** What the program calls it, up to 255 bytes of it. A backup and a check have one meanwhile, with that name. */
  readonly name: string | undefined;
  /** The commit that it sees. */
  readonly commit: number;
  /** When it was made, in milliseconds since 1970. */
  readonly since: number;
  /** The thread that has it (`threadId` of node:worker_threads), if it is known. */
  readonly threadId: number | undefined;
  /** Whether it is this thread's. */
  readonly self: boolean;
}

/** What `BTreeStore.stats` returns. */
export interface StoreStats {
  readonly pageBytes: number;
  /** Length of the file in bytes. */
  readonly fileBytes: number;
  /** Pages that the newest state uses. */
  readonly usedPages: number;
  /** Pages that only older states use: those of snapshots, and the last ones on the disk. */
  readonly pendingPages: number;
  /** The newest commit, and the last one that is on the disk for good. */
  readonly commit: number;
  readonly durableCommit: number;
  /** When the newest commit was made, in milliseconds since 1970; 0 in a new file. */
  readonly committedAt: number;
  /** Pages in memory. */
  readonly cachedPages: number;
  /** The snapshots that are open, the oldest first. Pages that they use are not reused. */
  readonly snapshots: readonly SnapshotStats[];
  /**
   * Set if the newest state in the file was damaged when it was opened, so that the one before it was taken: commits
   * are lost.
   */
  readonly recovery: Recovery | undefined;
}

/** The snapshots of all threads, the oldest first. */
export function snapshotsOf(memory: PageMemory): SnapshotStats[] {
  const found: SnapshotStats[] = [];
  for (const { number, threadId, self } of memory.participants()) {
    for (let skip = 0; ; ) {
      const { exports, result } = memory.open();
      const count = exports.snapshotsOf(number, skip);
      if (count === 0) break;
      skip += count;
      let at = VALUE_AT;
      for (let i = 0; i < count; i++) {
        const [commit, since] = result.f64.subarray(at / 8);
        const bytes = result.u32[at / 4 + 4]!;
        at += SNAPSHOT_ENTRY;
        const name = bytes === 0 ? undefined : decode(result.bytes.slice(at, at + bytes));
        found.push({ name, commit: commit!, since: since!, threadId, self });
        at += Math.ceil(bytes / 8) * 8;
      }
    }
  }
  return found.sort((a, b) => a.commit - b.commit);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(new Uint8Array(bytes));
}
