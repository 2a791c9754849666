/*
 * How a map learns that a thread which used it has ended: terminated, crashed, or out of its program
 * without having closed its maps. Whoever learns of it takes the participant over (the tree's
 * recover.ts): the write it was in is finished or undone, and what it held is given back.
 *
 *   where      who learns                            how
 *   --------   -----------------------------------   ----------------------------------------------
 *   Node, Bun  the thread that started the worker    its exit event (`process.on("worker")`). Not in
 *                                                    Deno, where a worker runs on after it
 *   on Linux   a thread that waits for a lock which  the thread's entry in /proc/self/task is gone.
 *              is not given back, whose garbage      Synchronous: works while the event loop stands
 *              cannot be freed, that attaches, or    still
 *              that hears of any worker's end
 *   browsers   every thread that has the map open    Web Locks: the thread's lock is free. Heard of
 *              and comes back to its event loop      in the event loop, never before the thread has
 *                                                    held its lock
 *   anywhere   `map.release(participant)`            the program knows
 *
 * One of these per platform. Node has Web Locks too, from 24 on, and they are not used there: exit
 * events and /proc need no turn of the ended thread's event loop before they see it, and the second
 * none of the waiting thread's.
 *
 * A participant tells others who it is by two numbers in its descriptor; each platform has its own.
 */
import type { ThreadEnds } from "./thread-ends/interface.ts";
import { nodeEnds } from "./thread-ends/node.ts";
import { takeOver } from "./thread-ends/take-over.ts";
import { webLockEnds } from "./thread-ends/web-locks.ts";

const nobodyTells: ThreadEnds = {
  self: () => ({ thread: 0, osThread: 0 }),
  watch: (exports) => void takeOver(exports, () => exports.releaseGone()),
  unwatch: () => {},
  hasEnded: () => undefined,
  threadId: () => undefined,
};

/** What this platform tells of threads that end. @internal */
export const threadEnds: ThreadEnds = /* @__PURE__ */ nodeEnds() ?? webLockEnds() ?? nobodyTells;
