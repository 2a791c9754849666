/*
 * How a structure learns that a thread which used it has ended: it was terminated, it crashed, or it left its
 * program without closing the structure. A thread that learns of it recovers the participant
 * (assembly/recover.ts): it finishes or undoes the write, and gives back what the participant held.
 *
 *   where      who learns                            how
 *   --------   -----------------------------------   ----------------------------------------------
 *   Node,      a thread that waits for its lock,     It wakes one of the thread's sentinels; an ended
 *   Bun,       whose garbage it keeps, that          thread has none (sentinels.ts). On Linux it first
 *   Deno       attaches, or that lists the           looks into /proc/self/task. Synchronous: works
 *              participants                          while all event loops stand still
 *   Node, Bun  the thread that started the worker    the worker's exit event, in its event loop, before
 *                                                    the program's own listeners. Not in Deno, where a
 *                                                    worker runs on after it
 *   browsers   every thread that has the structure   Web Locks: the thread's lock is free. Never before
 *              open and returns to its event loop    the thread has held its lock
 *   anywhere   `release(participant)`                the program knows
 *
 * No thread has to tell another. A thread that needs to know asks, and the engine itself answers. So it makes no
 * difference whether a worker's worker ended with it, whether its starter has the structure open, or whether
 * there are two copies of this package in one process; and it works from the first moment on.
 *
 * Tried, and rejected: one more thread that holds a `MessagePort` of every other thread. It hears of an end within
 * milliseconds of `terminate()`, even while the engine waits for a file that the thread was reading, where all the
 * above wait too. But it costs 8 to 17 MB; a port reaches it only after the main thread has returned to its event
 * loop; and it ends with the thread that started it.
 *
 * A participant is identified by its ticket and by two numbers in its descriptor. Each platform chooses its own.
 */
import type { ThreadEnds } from "./thread-ends/interface.ts";
import { nodeEnds } from "./thread-ends/node.ts";
import { recoverOrRetry } from "./thread-ends/retry-recovery.ts";
import { attachOrVisit, recoverAsVisitor } from "./thread-ends/visit.ts";
import { webLockEnds } from "./thread-ends/web-locks.ts";

const nobodyTells: ThreadEnds = {
  attach: ({ exports }, mayWait) =>
    attachOrVisit(
      () => exports.attach(mayWait, 0, 0),
      () => recoverAsVisitor(exports, 0),
    ),
  watch: (member) => nobodyTells.recoverEnded(member),
  leave: () => {},
  unwatch: () => {},
  recoverEnded: ({ exports }) => void recoverOrRetry(exports, () => exports.releaseGone()),
  isGone: () => false,
  hasEnded: () => undefined,
  threadId: () => undefined,
};

declare global {
  interface ImportMeta {
    /**
     * True in the build that bundlers for browsers choose (the condition "browser" of package.json): it leaves out what
     * only Node, Bun and Deno can do.
     */
    readonly FOR_BROWSERS?: boolean;
  }
}

/** What this platform tells of threads that end. @internal */
export const threadEnds: ThreadEnds =
  /* @__PURE__ */ (import.meta.FOR_BROWSERS ? undefined : nodeEnds()) ??
  webLockEnds() ??
  nobodyTells;
