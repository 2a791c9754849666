/*
 * The lock of a file in OPFS against other tabs, and against threads that are not of the same store: by Web Locks, for the
 * browser frees those of a thread when it has ended, however that came about.
 *
 *   name                                    mode        held by
 *   -------------------------------------   ---------   ------------------------------------------------------
 *   masstree store gate PATH                exclusive   whoever takes one of the locks below, for that moment
 *   masstree store readWrite TOKEN PATH     shared      all threads that have the store open. TOKEN is random, and
 *                                                       the same as long as it is the same pages in memory
 *   masstree store readOnly TOKEN PATH      shared      the same, of a store that is only read
 *
 * Invariants
 *   OPFSLOCK1  A lock of a file is requested by whoever has its gate. So nobody else comes between a look at who has the
 *              file open and the lock that depends on it. Threads may go at any moment.
 *   OPFSLOCK2  To write, a file is opened only if nobody has a lock of it; to read, only if nobody has one to write.
 *   OPFSLOCK3  A thread attaches only if another one holds the lock of the opening. Then somebody has held it at every
 *              moment without the gate since the opening, for a lock that is free is not requested again. So nobody else
 *              has opened the file meanwhile.
 *   OPFSLOCK4  A thread has one lock for a file, and gives it up after it has closed its access handle. With two, the
 *              browser might free one before the other when the thread dies.
 */
import { MassTreeClosedError } from "@masstree/errors";
import { StoreLockedError } from "./errors.ts";
import type { WebLocks } from "./opfs-platform.ts";
import type { VfsMode } from "./vfs.ts";

/** A lock that this thread has. */
export interface OpfsLock {
  /** Which opening of the file it is of. */
  readonly token: string;
  /** Gives it up. */
  release(): void;
}

/** How long to wait before looking again, in milliseconds. */
const PAUSE = 20;
/** How long to wait for a gate at least, in milliseconds: others have it for moments only, unless their thread is busy. */
const LEAST_GATE_WAIT = 2000;

const namesFor = (mode: VfsMode) => `masstree store ${mode} `;
const nameOf = (mode: VfsMode, token: string, path: string) => `${namesFor(mode)}${token} ${path}`;

/**
 * Takes the lock of a file that nobody has open; to read, that nobody has open to write.
 *
 * @param timeout how long others may take to give it back, in milliseconds
 * @throws StoreLockedError (`STORE_LOCKED`)
 */
export async function lockToOpen(
  locks: WebLocks,
  path: string,
  mode: VfsMode,
  timeout: number,
): Promise<OpfsLock> {
  const deadline = performance.now() + timeout;
  for (;;) {
    const lock = await withGate(locks, path, timeout, async () =>
      (await isInTheWay(locks, path, mode))
        ? undefined
        : await hold(locks, mode, crypto.randomUUID(), path),
    );
    if (lock !== undefined) return lock;
    if (performance.now() >= deadline) {
      throw new StoreLockedError(
        `'${path}' is in use by another tab, another thread, or another Vfs of this one. Threads of one page share a store by its 'handle'.`,
      );
    }
    await new Promise<void>((resolve) => setTimeout(resolve, PAUSE));
  }
}

/**
 * Takes the lock of a file that other threads have open, as one of them.
 *
 * @param token of the lock that they have
 * @param timeout as for `lockToOpen`
 * @throws MassTreeClosedError (`MASSTREE_CLOSED`) if all of them have closed it, or have ended; StoreLockedError
 *   (`STORE_LOCKED`) if others are opening the file all the time
 */
export function lockToAttach(
  locks: WebLocks,
  path: string,
  mode: VfsMode,
  token: string,
  timeout: number,
): Promise<OpfsLock> {
  return withGate(locks, path, timeout, async () => {
    const names = await heldNames(locks);
    if (names.includes(nameOf(mode, token, path))) return await hold(locks, mode, token, path);
    throw new MassTreeClosedError(
      `All threads that had '${path}' open have closed it, or have ended. Open it again by its path.`,
    );
  });
}

/** OPFSLOCK1. */
async function withGate<R>(
  locks: WebLocks,
  path: string,
  timeout: number,
  run: () => Promise<R>,
): Promise<R> {
  const tired = new AbortController();
  const wait = Math.max(timeout, LEAST_GATE_WAIT);
  const timer = wait === Infinity ? undefined : setTimeout(() => tired.abort(), wait);
  try {
    return await locks.request(`masstree store gate ${path}`, { signal: tired.signal }, () => {
      clearTimeout(timer);
      return run();
    });
  } catch (cause) {
    if (!tired.signal.aborted) throw cause;
    throw new StoreLockedError(`Another thread has been opening '${path}' for ${wait} ms.`, {
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** OPFSLOCK2. */
async function isInTheWay(locks: WebLocks, path: string, mode: VfsMode): Promise<boolean> {
  const names = await heldNames(locks);
  const hasOne = (other: VfsMode) => {
    const start = namesFor(other);
    // Tokens have no space.
    return names.some((name) => name.startsWith(start) && afterToken(name, start) === path);
  };
  return hasOne("readWrite") || (mode === "readWrite" && hasOne("readOnly"));
}

function afterToken(name: string, start: string): string {
  return name.slice(name.indexOf(" ", start.length) + 1);
}

async function heldNames(locks: WebLocks): Promise<string[]> {
  const { held = [] } = await locks.query();
  return held.map(({ name = "" }) => name);
}

/** Holds a lock until it is released. It is free for all that share it. */
function hold(locks: WebLocks, mode: VfsMode, token: string, path: string): Promise<OpfsLock> {
  return new Promise((resolve, reject) => {
    const whileHeld = () =>
      new Promise<void>((release) => {
        resolve({ token, release });
      });
    locks.request(nameOf(mode, token, path), { mode: "shared" }, whileHeld).catch(reject);
  });
}
