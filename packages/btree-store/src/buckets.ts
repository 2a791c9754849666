// The buckets of a transaction, and what is done to them by name.
import { keyCodecs } from "@masstree/key";
import { everything, type KeyType } from "@masstree/tree";
import type { Bucket } from "./bucket.ts";
import type { Context } from "./context.ts";
import { dropTree } from "./drop-tree.ts";
import { StoreBucketError } from "./errors.ts";
import { type ReadTransaction, readerOf } from "./read-transaction.ts";
import { TreeScan } from "./tree-scan.ts";
import { type WriteTransaction, writerOf } from "./write-transaction.ts";

/** Several buckets in one transaction that writes. */
export interface WriteBuckets {
  /**
   * A bucket in this transaction. It is created when something is set in it.
   *
   * @param bucket its name, or what `bucket` returned
   * @throws StoreBucketError (`STORE_BUCKET`) if it has other codecs
   */
  bucket<V = unknown, K extends KeyType = string>(
    bucket: string | Bucket<V, K>,
  ): WriteTransaction<V, K>;
}

/** Several buckets in one transaction that reads. */
export interface ReadBuckets {
  /** A bucket in this transaction; empty if there is none. Throws as `WriteBuckets.bucket`. */
  bucket<V = unknown, K extends KeyType = string>(
    bucket: string | Bucket<V, K>,
  ): ReadTransaction<V, K>;
}

export function writeBuckets(context: Context): WriteBuckets {
  return {
    bucket: <V, K extends KeyType>(asked: string | Bucket<V, K>) =>
      writerOf<V, K>(context, context.open(asked)),
  };
}

export function readBuckets(context: Context): ReadBuckets {
  return {
    bucket: <V, K extends KeyType>(asked: string | Bucket<V, K>) =>
      readerOf<V, K>(context, context.open(asked)),
  };
}

/** The names of all buckets, in order. */
export function namesOf(context: Context): string[] {
  const names: string[] = [];
  const scan = new TreeScan(context.catalog, everything, true);
  while (scan.next()) names.push(keyCodecs.string.decode(scan.bytes, ...scan.keyRange()));
  return names;
}

/** Removes a bucket. @returns whether there was one */
export function dropBucketIn(context: Context, name: string): boolean {
  const record = context.find(name);
  if (record === undefined) return false;
  if (record.root !== 0) context.change(() => dropTree(context.core, record.root));
  context.unrecord(name);
  return true;
}

/** Gives a bucket another name. @returns whether there was one. Throws as `BTreeStore.renameBucket` */
export function renameBucketIn(context: Context, from: string, to: string): boolean {
  const record = context.find(from);
  if (record === undefined) return false;
  if (context.find(to) !== undefined) {
    throw new StoreBucketError(`There is a bucket '${to}' already.`);
  }
  context.unrecord(from);
  context.record(to, record);
  return true;
}
