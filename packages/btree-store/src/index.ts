export {
  date,
  descending,
  type KeyCodec,
  keyCodec,
  list,
  type MixedKey,
  mixed,
  type OwnKeyCodec,
  tuple,
  uuid,
} from "@masstree/key";
export type { Comparable, Cursor, Difference, Guard } from "@masstree/tree";
export { type CompressedOptions, compressed } from "masstree/codecs";
export type { BackupReport, Progress } from "./backup.ts";
export { type Bucket, type BucketOptions, bucket } from "./bucket.ts";
export type { ReadBuckets, WriteBuckets } from "./buckets.ts";
export type { CheckReport } from "./check.ts";
export type { CompactReport } from "./compact.ts";
export type { Durability } from "./core.ts";
export {
  StoreAsyncError,
  StoreBucketError,
  StoreBusyError,
  StoreConflictError,
  StoreCorruptError,
  StoreEndedError,
  StoreError,
  type StoreErrorCode,
  StoreFailedError,
  StoreFullError,
  StoreLockedError,
  StoreNestedError,
  StoreReadOnlyError,
  StoreTooLargeError,
} from "./errors.ts";
export { MAX_VALUE_BYTES } from "./limits.ts";
export { nodeVfs } from "./node-vfs.ts";
export type { Recovery } from "./open-file.ts";
export { OptimisticBuckets, OptimisticTransaction } from "./optimistic-transaction.ts";
export type {
  AttachOptions,
  BackupOptions,
  BeginOptions,
  CheckOptions,
  CompactOptions,
  RetryOptions,
  SnapshotOptions,
  StoreOptions,
  WriteOptions,
} from "./options.ts";
export { ReadTransaction, type StoreIterator } from "./read-transaction.ts";
export { Snapshot } from "./snapshot.ts";
export type { BucketInfo, SnapshotStats, StoreStats } from "./stats.ts";
export { BTreeStore } from "./store.ts";
export type { StoreHandle } from "./store-handle.ts";
export type { ValueStream } from "./value-stream.ts";
export type { Vfs, VfsFile, VfsLock, VfsMode } from "./vfs.ts";
export { WriteTransaction } from "./write-transaction.ts";
