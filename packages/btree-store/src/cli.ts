#!/usr/bin/env node
/*
 * The command: check, stats, dump, load, backup, compact. For people at 3 in the morning: it says what it does, how far
 * it is, and what is wrong, and it never writes to a file that it was asked to look at.
 *
 * A dump is lines of JSON. A line with an object begins a bucket: its name, and the kinds of its keys and values. Each
 * line with an array is an entry: [key, value]. Bytes, structured clones, keys of a codec such as `tuple(string,date)`,
 * and values of a program's own codec are in base64; bigints, and numbers that JSON does not have, are strings. So a dump
 * loses nothing.
 */
import type { KeyType } from "@masstree/tree";
import { staged, unstage, Values } from "masstree/codecs";
import { type Bucket, isCustom, isKeyName, rawBucket } from "./bucket.ts";
import type { BucketInfo } from "./stats.ts";
import { BTreeStore } from "./store.ts";

interface Output {
  write(text: string): unknown;
}

interface ProcessLike {
  readonly argv: readonly string[];
  readonly stdout: Output;
  readonly stderr: Output & { readonly isTTY?: boolean };
  readonly stdin: AsyncIterable<Uint8Array>;
  exitCode?: number | undefined;
}

const usage = `usage: npx @masstree/btree-store COMMAND FILE [TARGET]

  check FILE           reads the whole file, and says whether all of it is in order
  stats FILE           sizes, commits and buckets
  dump FILE            writes all entries to the standard output, as lines of JSON
  load FILE            sets the entries of such lines from the standard input; creates FILE if there is none
  backup FILE TARGET   copies the store to a new file, and checks it on the way
  compact FILE         makes the file as short as what is in use allows

The store must not be open in another process that writes. 'load' and 'compact' need it for themselves.
`;

/** Entries that `load` sets in one commit. */
const LOAD_BATCH = 10_000;

const clones = new Values("structured", undefined);

const { process } = globalThis as unknown as { process: ProcessLike };

await main(process.argv.slice(2));

async function main([command, file, target, ...rest]: string[]): Promise<void> {
  const takesTarget = command === "backup";
  const isKnown = ["check", "stats", "dump", "load", "backup", "compact"].includes(command ?? "");
  if (!isKnown || file === undefined || rest.length > 0 || (target !== undefined) !== takesTarget) {
    process.stderr.write(usage);
    process.exitCode = 2;
    return;
  }
  try {
    await run(command!, file, target);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    process.stderr.write(`${code === undefined ? "" : `${code}: `}${message ?? String(error)}\n`);
    process.exitCode = 1;
  }
}

async function run(command: string, file: string, target: string | undefined): Promise<void> {
  const writes = command === "load" || command === "compact";
  const store = BTreeStore.open(file, { readOnly: !writes });
  try {
    const { recovery } = store.stats();
    if (recovery !== undefined) {
      process.stderr.write(
        `The newest state, commit ${recovery.lostCommit}, is damaged, and this is the one before it: ${recovery.reason}\n`,
      );
    }
    switch (command) {
      case "check":
        check(store);
        break;
      case "stats":
        stats(store);
        break;
      case "dump":
        for (const name of store.buckets()) dump(store, store.bucketInfo(name)!);
        break;
      case "load":
        await load(store);
        break;
      case "compact": {
        const { before, after } = store.compact();
        process.stderr.write(`The file had ${before} bytes, and has ${after}.\n`);
        break;
      }
      default: {
        const { pages, bytes } = await store.backup(target!, { onProgress: meter("copied") });
        process.stderr.write(`Copied ${pages} pages; ${target} has ${bytes} bytes.\n`);
      }
    }
  } finally {
    store.close();
  }
}

function check(store: BTreeStore): void {
  const { buckets, entries, usedPages, freePages, commit } = store.check({
    onProgress: meter("checked"),
  });
  process.stdout.write(
    `All is in order: commit ${commit}, ${buckets} buckets, ${entries} entries, ${usedPages} pages in use, ${freePages} free.\n`,
  );
}

function stats(store: BTreeStore): void {
  const { pageBytes, fileBytes, usedPages, commit, committedAt } = store.stats();
  const when = committedAt === 0 ? "never" : new Date(committedAt).toISOString();
  process.stdout.write(
    `file         ${fileBytes} bytes, pages of ${pageBytes}
in use       ${usedPages} pages, ${usedPages * pageBytes} bytes
last commit  ${commit}, ${when}
`,
  );
  for (const name of store.buckets()) {
    const { key, value, size } = store.bucketInfo(name)!;
    process.stdout.write(
      `bucket       ${JSON.stringify(name)}: ${size} entries, keys ${key}, values ${value}\n`,
    );
  }
}

function dump(store: BTreeStore, info: BucketInfo): void {
  const { name, key, value } = info;
  process.stdout.write(`${JSON.stringify({ bucket: name, key, value })}\n`);
  const tell = meter(`entries of ${JSON.stringify(name)} written`);
  let done = 0;
  store.read(describe(info), (txn) => {
    for (const [k, v] of txn) {
      const entry = [toJson(plainKey(key), k), toJson(plainValue(value), v)];
      process.stdout.write(`${JSON.stringify(entry)}\n`);
      done++;
      if (done % LOAD_BATCH === 0) tell(done, info.size);
    }
  });
}

/** The bucket; what has a codec that the file cannot tell is bytes. */
function describe({
  name,
  key,
  value,
}: Pick<BucketInfo, "name" | "key" | "value">): Bucket<unknown, KeyType> {
  return rawBucket(name, key, value);
}

/** As what keys and values of a kind come out of such a bucket. */
function plainKey(key: BucketInfo["key"]): string {
  return isKeyName(key) ? key : "bytes";
}

function plainValue(value: BucketInfo["value"]): string {
  return isCustom(value) ? "bytes" : value;
}

/** A key or a value of a kind as JSON has it. */
function toJson(kind: string, value: unknown): unknown {
  if (kind === "bytes") return toBase64(value as Uint8Array);
  if (kind === "structured") return toBase64(cloneBytes(value));
  if (kind === "bigint" || (kind === "number" && !Number.isFinite(value))) return String(value);
  return value;
}

function fromJson(kind: string, value: unknown): unknown {
  if (kind === "bytes") return fromBase64(value as string);
  if (kind === "structured") {
    const bytes = fromBase64(value as string);
    return clones.read(bytes, 0, bytes.length);
  }
  if (kind === "bigint") return BigInt(value as string);
  return kind === "number" ? Number(value) : value;
}

/** A value of kind "structured" as the bytes that a store has of it. */
function cloneBytes(value: unknown): Uint8Array {
  const length = clones.stage(value); // Sets `staged`.
  const bytes = staged.slice(0, length);
  unstage();
  return bytes;
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

interface Header {
  readonly bucket: string;
  readonly key: BucketInfo["key"];
  readonly value: BucketInfo["value"];
}

async function load(store: BTreeStore): Promise<void> {
  let header: Header | undefined;
  let entries: [KeyType, unknown][] = [];
  let done = 0;
  let line = 0;
  const commit = () => {
    if (header === undefined) return;
    const { bucket: name, key, value } = header;
    const batch = entries;
    store.write(describe({ name, key, value }), (txn) => txn.setMany(batch));
    done += batch.length;
    entries = [];
  };
  for await (const text of lines()) {
    line++;
    if (text === "") continue;
    try {
      const parsed = JSON.parse(text) as Header | [unknown, unknown];
      if (!Array.isArray(parsed)) {
        commit();
        header = parsed;
        continue;
      }
      if (header === undefined)
        throw new Error("An entry comes before the line that names its bucket.");
      const [key, value] = parsed;
      entries.push([
        fromJson(plainKey(header.key), key) as KeyType,
        fromJson(plainValue(header.value), value),
      ]);
      if (entries.length >= LOAD_BATCH) commit();
    } catch (cause) {
      throw new Error(
        `Line ${line}: ${(cause as Error).message} ${done} entries before it were set.`,
        {
          cause,
        },
      );
    }
  }
  commit();
  process.stderr.write(`Set ${done} entries.\n`);
}

/** The lines of the standard input. */
async function* lines(): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of process.stdin) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
  yield rest + decoder.decode();
}

/** Tells how far it is, on a terminal. */
function meter(what: string): (done: number, total: number) => void {
  let last = 0;
  return (done, total) => {
    if (!process.stderr.isTTY) return;
    const now = Date.now();
    if (done < total && now - last < 200) return;
    last = now;
    process.stderr.write(`\r${Math.floor((100 * done) / Math.max(1, total))}% ${what}`);
    if (done >= total) process.stderr.write("\n");
  };
}
