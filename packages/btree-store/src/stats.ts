// What a store says of itself.
import type { KeyName } from "@masstree/tree";
import type { ValueName } from "masstree/codecs";
import type { Recovery } from "./open-file.ts";

/** What the file says of a bucket. */
export interface BucketInfo {
  readonly name: string;
  /** The kind of its keys. */
  readonly key: KeyName;
  /** How its values become bytes; "custom" for a codec of the program's own. */
  readonly value: ValueName;
  readonly size: number;
  /** The commit that created it. */
  readonly created: number;
}

/** A snapshot that is open. */
export interface SnapshotStats {
  readonly name: string | undefined;
  /** The commit that it sees. */
  readonly commit: number;
  /** When it was made, in milliseconds since 1970. */
  readonly since: number;
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
