/*
 * What all views of one transaction, or of one snapshot, share: the catalog, the buckets that were opened, and whether
 * it still goes on.
 */
import { MassTreeInterruptedError } from "@masstree/errors";
import { keyCodecs } from "@masstree/key";
import type { KeyType } from "@masstree/tree";
import {
  type Bucket,
  type BucketRecord,
  type Codecs,
  checkName,
  codecsFor,
  codecsOf,
  decodeBucket,
  encodeBucket,
  isCustom,
  isKeyName,
} from "./bucket.ts";
import type { Core } from "./core.ts";
import { StoreBucketError, StoreCorruptError, StoreEndedError } from "./errors.ts";
import type { State } from "./meta.ts";
import { fetched, Tree } from "./tree.ts";

/** Runs something in a context that reads the newest state. */
export function reading<R>(core: Core, run: (context: Context) => R): R {
  const context = new Context(core, core.reads.begin(), core.reads);
  try {
    return run(context);
  } finally {
    context.end("This transaction has ended: it lasts as long as its callback.");
    core.reads.end();
  }
}

/** Context of a transaction that writes, and has begun. */
export function writing(core: Core): Context {
  return new Context(core, core.state, undefined);
}

/**
 * What the catalog of a state says of buckets, as far as this thread has looked: most transactions read the state that the
 * one before has read, and nothing of a state changes.
 */
const knownRecords = /* @__PURE__ */ new WeakMap<State, Map<string, BucketRecord>>();
/** What was asked for last, which is quicker to compare than to look up. */
let lastState: State | undefined;
let lastRecords: Map<string, BucketRecord> = new Map();

function recordsIn(state: State): Map<string, BucketRecord> {
  if (state === lastState) return lastRecords;
  let records = knownRecords.get(state);
  if (records === undefined) {
    records = new Map();
    knownRecords.set(state, records);
  }
  lastState = state;
  lastRecords = records;
  return records;
}

/** A bucket in a transaction. */
export interface OpenBucket {
  readonly name: string;
  /** What the file says of it; undefined if it is new. */
  readonly record: BucketRecord | undefined;
  readonly codecs: Codecs;
  readonly tree: Tree;
}

/** What is read: one transaction's state, or that of a hold. */
export interface Kept {
  /** Whether its pages may have been used again: see `Hold`. */
  readonly isLost: boolean;
}

export class Context {
  readonly core: Core;
  readonly isWriting: boolean;
  /** Chains and pages may be of commits up to this one. */
  readonly newest: number;
  /** Of one that writes and was committed: the number of the newest state then. */
  committed = 0;
  /** The state's. */
  readonly #catalogRoot: number;
  #catalog: Tree | undefined;
  /** The bucket that was opened last; and all, once there are two. Most transactions have one, and are short. */
  #last: OpenBucket | undefined;
  #buckets: Map<string, OpenBucket> | undefined;
  /** Why it has ended; undefined while it goes on. */
  #ended: string | undefined;
  /** What made it impossible to commit. */
  #doom: { readonly error: unknown } | undefined;
  readonly #kept: Kept | undefined;
  /** Of one that reads: what is known of its state's catalog. */
  readonly #records: Map<string, BucketRecord> | undefined;
  #guards: Set<{ dispose(): void }> | undefined;

  /** @param kept what keeps the pages of the state, for one that reads; undefined for one that writes */
  constructor(core: Core, state: State, kept: Kept | undefined) {
    const isWriting = kept === undefined;
    this.core = core;
    this.isWriting = isWriting;
    this.#kept = kept;
    this.#records = isWriting ? undefined : recordsIn(state);
    this.newest = isWriting ? core.nextCommit : state.commit;
    this.#catalogRoot = state.catalog;
  }

  get catalog(): Tree {
    this.#catalog ??= new Tree(this.core, this.#catalogRoot, 0, this.newest);
    return this.#catalog;
  }

  /** From now on every use throws, and the views of its guards are empty. @param what has ended, as a sentence */
  end(what: string): void {
    this.#ended = what;
    if (this.#guards !== undefined) for (const guard of this.#guards) guard.dispose();
  }

  /** Guards that were made in it and are not disposed of: they end with it. */
  get guards(): Set<{ dispose(): void }> {
    this.#guards ??= new Set();
    return this.#guards;
  }

  /**
   * The first step of each operation.
   *
   * @throws StoreEndedError (`STORE_ENDED`), StoreFailedError (`STORE_FAILED`), MassTreeInterruptedError
   *   (`MASSTREE_INTERRUPTED`), and what has doomed it
   */
  check(): void {
    if (this.#ended !== undefined) throw new StoreEndedError(this.#ended);
    if (this.#doom !== undefined) throw this.#doom.error;
    this.core.file.check();
    if (this.isWriting) {
      this.core.checkIntact();
      return;
    }
    this.core.memory.open();
    if (!this.#kept!.isLost) return;
    throw new MassTreeInterruptedError(
      "A call of this thread was interrupted, and other threads have written since: what was to be read may be gone. Begin again.",
    );
  }

  /** Runs a step that changes pages: if it throws, the transaction can only be rolled back. */
  change<R>(step: () => R): R {
    try {
      this.core.checkIntact();
      this.core.prepare();
      return step();
    } catch (error) {
      this.#doom ??= { error };
      throw error;
    }
  }

  /**
   * Opens a bucket.
   *
   * @throws StoreBucketError (`STORE_BUCKET`) if the file says that it has other codecs, MassTreeBadOptionError
   *   (`MASSTREE_BAD_OPTION`) if that is no bucket
   */
  open(asked: string | Bucket<unknown, KeyType>): OpenBucket {
    this.check();
    const name = typeof asked === "string" ? asked : asked.name;
    const known = this.#last?.name === name ? this.#last : this.#buckets?.get(name);
    const seen = this.#records?.get(name);
    if (known === undefined && seen === undefined) checkName(name);
    const wanted = typeof asked === "string" ? undefined : codecsOf(asked);
    if (known !== undefined) {
      checkCodecs(name, known.codecs, wanted);
      return known;
    }
    const record = seen ?? this.find(name);
    if (record !== undefined) this.#records?.set(name, record);
    const opened: OpenBucket = {
      name,
      record,
      codecs: checkCodecs(name, record ?? wanted ?? usual, wanted),
      tree: new Tree(this.core, record?.root ?? 0, record?.size ?? 0, this.newest),
    };
    const last = this.#last;
    if (last !== undefined) this.#buckets ??= new Map([[last.name, last]]);
    this.#buckets?.set(name, opened);
    this.#last = opened;
    return opened;
  }

  /** What the catalog says of a bucket. */
  find(name: string): BucketRecord | undefined {
    const length = this.catalog.fetch(this.#nameKey(name));
    return length < 0 ? undefined : recordOf(fetched, length);
  }

  #nameKey(name: string): number {
    return keyCodecs.string.encode(name, this.core.memory.open().key, 0);
  }

  /** Sets what the catalog says of a bucket. */
  record(name: string, record: BucketRecord): void {
    const bytes = encodeBucket(record);
    this.change(() => this.catalog.put(this.#nameKey(name), bytes, bytes.length));
  }

  /** The same, with the name as it is in the catalog. */
  recordRaw(name: Uint8Array, record: BucketRecord): void {
    const bytes = encodeBucket(record);
    this.core.memory.open().key.set(name);
    this.change(() => this.catalog.put(name.length, bytes, bytes.length));
  }

  /** Removes a bucket from the catalog. */
  unrecord(name: string): void {
    this.change(() => this.catalog.remove(this.#nameKey(name)));
    if (this.#last?.name === name) this.#last = undefined;
    this.#buckets?.delete(name);
  }

  /** Writes what has changed of the buckets to the catalog, before the commit. */
  settle(): void {
    const opened = this.#buckets?.values() ?? (this.#last === undefined ? [] : [this.#last]);
    for (const { name, record, codecs, tree } of opened) {
      if (tree.version === 0) continue;
      const created = record?.created ?? this.newest;
      const { key, value } = codecs;
      this.record(name, { root: tree.root, size: tree.size, key, value, created });
    }
  }
}

/** @throws StoreCorruptError (`STORE_CORRUPT`) if it is none */
export function recordOf(bytes: Uint8Array, length: number): BucketRecord {
  const record = decodeBucket(bytes, length);
  if (record === undefined)
    throw new StoreCorruptError("The catalog has a record of another kind.");
  return record;
}

/** The kinds of a bucket that is new and asked for by its name. */
const usual = { key: "string", value: "json" } as const;

/**
 * The codecs to use for a bucket.
 *
 * @param has the kinds that it has
 * @param wanted undefined if it was asked for by its name
 * @throws StoreBucketError (`STORE_BUCKET`) if these are others, or have to be passed
 */
function checkCodecs(
  name: string,
  has: Pick<Codecs, "key" | "value">,
  wanted: Codecs | undefined,
): Codecs {
  const { key, value } = has;
  if (wanted === undefined) {
    const codecs = codecsFor(has);
    if (codecs !== undefined) return codecs;
    throw new StoreBucketError(
      `${describe(name, has)} The file has no functions, so ${nameCodecs(has)} must be passed: ${call(name, has)}.`,
    );
  }
  if (wanted.key === key && wanted.value === value) return wanted;
  throw new StoreBucketError(
    `${describe(name, has)} They were asked for as "${wanted.key}" and "${wanted.value}".${adviceFor(value, wanted.value)}`,
  );
}

function describe(name: string, { key, value }: Pick<Codecs, "key" | "value">): string {
  return `Bucket '${name}' has keys of kind "${key}" and values of kind "${value}".`;
}

function nameCodecs({ key, value }: Pick<Codecs, "key" | "value">): string {
  if (!isCustom(value)) return "the key codec";
  return isKeyName(key) ? "the value codec" : "both codecs";
}

function call(name: string, { key, value }: Pick<Codecs, "key" | "value">): string {
  const members = [
    ...(isKeyName(key) ? [] : [`key: ${key.startsWith("own(") ? "codec" : key}`]),
    ...(isCustom(value) ? ["value: codec"] : []),
  ];
  return `bucket("${name}", { ${members.join(", ")} })`;
}

/** What to do about another custom codec. */
function adviceFor(has: Codecs["value"], wanted: Codecs["value"]): string {
  if (!isCustom(has) || !isCustom(wanted)) return "";
  return " A custom codec is recorded by its 'name': pass one of that name, or one without, if the bucket was created so.";
}
