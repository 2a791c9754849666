// What the comparison of durable stores asks of each of them.

export type Entry = readonly [key: string, value: string];

/** Waits only for what is a promise: a synchronous store is not to pay for those that are not. */
export type Now<T> = T | Promise<T>;

/** An open store, whose commits are on the disk when they return or resolve. */
export interface OpenStore {
  /** One entry, one commit. */
  put(key: string, value: string): Now<unknown>;
  /** All entries in one commit. */
  putAll(entries: readonly Entry[]): Now<unknown>;
  /** A read in a transaction of its own, if it has transactions that read. */
  get(key: string): string | undefined;
  /** Runs something that reads many keys, in one transaction. Without it, `get` is as good. */
  reading?<R>(run: (get: (key: string) => string | undefined) => R): R;
  /** Goes over the entries from a key on, in order, and returns how many it has seen and a sum over them. */
  scan(from: string, limit: number): Now<{ readonly seen: number; readonly sum: number }>;
  /** What another thread opens it with; undefined: its directory. */
  handle?(): unknown;
  close(): Now<unknown>;
}

/** A kind of store. */
export interface StorePeer {
  readonly name: string;
  /** How its commits reach the disk. */
  readonly description: string;
  /** Why several threads cannot read it at once; undefined if they can. */
  readonly oneThread?: string;
  /** Opens the store of a directory, and creates it if there is none. @throws PeerUnavailable */
  open(directory: string): Now<OpenStore>;
  /** Opens it to be read, in a thread beside the one that has opened it. */
  attach?(directory: string, handle: unknown): Now<OpenStore>;
}

/** A peer that is not installed, or does not run here; the message says why. */
export class PeerUnavailable extends Error {
  override readonly name = "PeerUnavailable";
}

/** Loads an optional package. @throws PeerUnavailable */
export async function optional<T>(load: () => Promise<T>, howTo: string): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { message } = error as Error;
    throw new PeerUnavailable(`${message.split("\n")[0]} ${howTo}`.trim());
  }
}

/** What `scan` sums up: so that no peer can leave out reading a value. */
export function weightOf(value: string): number {
  return value.length + value.charCodeAt(value.length >> 1);
}
