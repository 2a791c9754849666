/*
 * Locks between processes, by files beside the store's: docs/design.md, 'Locks between processes'. Node has no
 * system call for locks, and a file that says who holds it can be read by people.
 *
 *   data.db.lock-7       {"pid":4711,"start":"88123","boot":"...","host":"..."}   or   {"free":true}
 *   data.db.readers-k3x  {"pid":4712,...}
 *
 * Invariants
 *   FILELOCK1  A lock file is created complete, and only if its name is not taken. Whoever has created N, and then
 *              sees no greater number, holds the lock.
 *   FILELOCK2  The greatest number is never removed. Whoever finds its owner dead, or that it was given back, creates
 *              the next one, and removes the smaller ones once it holds the lock.
 */
import { StoreLockedError } from "./errors.ts";
import type { NodeFs } from "./node-vfs.ts";
import type { VfsLock, VfsMode } from "./vfs.ts";

/** What a lock needs of Node. */
export interface LockParts {
  readonly fs: NodeFs;
  readonly path: { dirname(path: string): string; basename(path: string): string };
  readonly host: string;
  readonly process: { readonly pid: number; kill(pid: number, signal: 0): unknown };
}

/** Who holds a lock. */
interface Owner {
  readonly free?: true;
  readonly pid?: number;
  /** When the process started, in ticks since the boot; "" where nobody knows. */
  readonly start?: string;
  /** Which boot of the machine; "" where nobody knows. */
  readonly boot?: string;
  readonly host?: string;
}

const ATTEMPTS = 100;

/** Takes the lock of a file. @throws StoreLockedError (`STORE_LOCKED`) */
export function acquireFileLock(parts: LockParts, file: string, mode: VfsMode): VfsLock {
  return mode === "readWrite" ? lockForWriting(parts, file) : lockForReading(parts, file);
}

function lockForWriting(parts: LockParts, file: string): VfsLock {
  const { fs } = parts;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const numbers = lockNumbers(parts, file);
    const greatest = numbers.at(-1) ?? 0;
    if (greatest > 0) refuseIfAlive(parts, `${file}.lock-${greatest}`, file);
    const name = `${file}.lock-${greatest + 1}`;
    if (!createComplete(parts, name, own(parts))) continue;
    if (lockNumbers(parts, file).at(-1) !== greatest + 1) {
      remove(fs, name); // Came late (FILELOCK1).
      continue;
    }
    try {
      for (const reader of readers(parts, file)) refuseIfAlive(parts, reader, file);
    } catch (error) {
      giveBack(parts, name);
      throw error;
    }
    for (const number of numbers) remove(fs, `${file}.lock-${number}`);
    return heldLock(parts, name);
  }
  throw new StoreLockedError(`Others take and give back the lock of '${file}' all the time.`);
}

function lockForReading(parts: LockParts, file: string): VfsLock {
  const name = `${file}.readers-${Math.random().toString(36).slice(2)}`;
  createComplete(parts, name, own(parts));
  try {
    const greatest = lockNumbers(parts, file).at(-1);
    if (greatest !== undefined) refuseIfAlive(parts, `${file}.lock-${greatest}`, file);
  } catch (error) {
    remove(parts.fs, name);
    throw error;
  }
  return heldLock(parts, name);
}

/** A lock of this process by the name of its file, which may have been made by another thread. */
function heldLock(parts: LockParts, name: string): VfsLock {
  const isWriting = name.includes(".lock-");
  return {
    token: name,
    release: () => (isWriting ? giveBack(parts, name) : remove(parts.fs, name)),
  };
}

/**
 * The lock of a file that another thread of this process has taken.
 *
 * @param name of the lock file
 * @throws StoreLockedError (`STORE_LOCKED`) if this process does not have it any more
 */
export function adoptFileLock(parts: LockParts, file: string, name: string): VfsLock {
  const isOfFile = name.startsWith(`${file}.lock-`) || name.startsWith(`${file}.readers-`);
  const owner = isOfFile ? readOwner(parts, name) : undefined;
  if (owner?.pid === parts.process.pid && owner.host === parts.host) return heldLock(parts, name);
  throw new StoreLockedError(
    `This process does not have '${file}' open any more. Open it again by its path.`,
  );
}

/** Overwrites a lock file by one that says it is free (FILELOCK2): by a rename, so that nobody reads half of it. */
function giveBack(parts: LockParts, name: string): void {
  const temporary = `${name}.${Math.random().toString(36).slice(2)}`;
  parts.fs.writeFileSync(temporary, `${JSON.stringify({ free: true })}\n`);
  parts.fs.renameSync(temporary, name);
}

/** Creates a file with contents at one moment; false if there is one with that name. */
function createComplete({ fs }: LockParts, name: string, owner: Owner): boolean {
  const temporary = `${name}.${Math.random().toString(36).slice(2)}`;
  fs.writeFileSync(temporary, `${JSON.stringify(owner)}\n`, { flag: "wx" });
  try {
    fs.linkSync(temporary, name);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    remove(fs, temporary);
  }
}

function entries({ fs, path }: LockParts, file: string, kind: string): string[] {
  const start = `${path.basename(file)}.${kind}-`;
  return fs
    .readdirSync(path.dirname(file))
    .filter((name) => name.startsWith(start))
    .map((name) => name.slice(start.length));
}

/** The numbers of the lock files, ascending. */
function lockNumbers(parts: LockParts, file: string): number[] {
  return entries(parts, file, "lock")
    .filter((rest) => /^\d+$/.test(rest))
    .map(Number)
    .sort((a, b) => a - b);
}

function readers(parts: LockParts, file: string): string[] {
  return entries(parts, file, "readers")
    .filter((rest) => /^[a-z0-9]+$/.test(rest))
    .map((rest) => `${file}.readers-${rest}`);
}

function refuseIfAlive(parts: LockParts, name: string, file: string): void {
  const owner = readOwner(parts, name);
  if (owner === undefined || owner.free) return;
  const state = stateOf(parts, owner);
  if (state === "dead") {
    if (!name.includes(".lock-")) remove(parts.fs, name);
    return;
  }
  const who =
    state === "elsewhere"
      ? `process ${owner.pid} on ${owner.host}. If that machine is gone, remove '${name}'`
      : owner.pid === parts.process.pid
        ? "another thread of this process, or another copy of this package in it: attach to its 'handle'"
        : `process ${owner.pid}`;
  throw new StoreLockedError(`'${file}' is in use by ${who}.`);
}

/** Who made a lock file; undefined if it has gone. A file of other contents was made by nobody who lives. */
function readOwner({ fs }: LockParts, name: string): Owner | undefined {
  try {
    return JSON.parse(fs.readFileSync(name, "utf8")) as Owner;
  } catch (error) {
    if (error instanceof SyntaxError || codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function own(parts: LockParts): Owner {
  const { pid } = parts.process;
  return { pid, start: startOf(parts, pid), boot: bootOf(parts), host: parts.host };
}

function stateOf(
  parts: LockParts,
  { pid, start, boot, host }: Owner,
): "alive" | "dead" | "elsewhere" {
  if (host !== parts.host) return "elsewhere";
  if (boot !== "" && boot !== bootOf(parts)) return "dead";
  if (typeof pid !== "number" || !runs(parts, pid)) return "dead";
  // Another process may have got the number since.
  const now = startOf(parts, pid);
  if (now === ENDED) return "dead";
  return start !== "" && now !== "" && now !== start ? "dead" : "alive";
}

function runs({ process }: LockParts, pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH"; // It may be another user's.
  }
}

/** What `startOf` says of a process that has ended and whose parent does not know yet. */
const ENDED = "ended";

/** When a process started: the 22nd field of its line, the 20th behind the name in brackets. */
function startOf({ fs }: LockParts, pid: number): string {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? ENDED : (fields[19] ?? "");
  } catch {
    return "";
  }
}

function bootOf({ fs }: LockParts): string {
  try {
    return fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return "";
  }
}

function remove(fs: NodeFs, name: string): void {
  try {
    fs.unlinkSync(name);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null
    ? (error as { code?: unknown }).code
    : undefined;
}
