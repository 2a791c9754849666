/*
 * How a map learns that a thread which used it has ended: terminated, crashed, or out of its program
 * without having closed its maps. Whoever learns of it takes the participant over (the tree's
 * recover.ts): the write it was in is finished or undone, and what it held is given back.
 *
 *   who learns                              how
 *   -------------------------------------   ------------------------------------------------------
 *   the thread that started the worker      its exit event (Node: `process.on("worker")`)
 *   a thread that waits for a lock which    Linux: the thread's entry in /proc/self/task is gone.
 *   is not given back, or that attaches     Synchronous, so it works while the event loop stands still
 *   anyone else                             `map.release(participant)`, when the program knows
 *
 * A participant tells others who it is by two numbers in its descriptor: the id that its engine gave
 * the thread, plus 1, and the one that the operating system gave it; 0 is not known.
 */
import type { TreeExports } from "./tree-exports.ts";

/** What this uses of Node, where there is Node. */
interface NodeParts {
  readonly threadId: number;
  readonly platform: string | undefined;
  readlink(path: string): string;
  exists(path: string): boolean;
  onWorker(listener: (worker: StartedWorker) => void): void;
}

interface StartedWorker {
  readonly threadId: number;
  once(event: "exit", listener: () => void): unknown;
}

interface ProcessLike {
  getBuiltinModule?(name: string): Record<string, unknown> | undefined;
  on?(event: "worker", listener: (worker: StartedWorker) => void): unknown;
  readonly platform?: string;
}

const node: NodeParts | undefined = /* @__PURE__ */ findNode();

function findNode(): NodeParts | undefined {
  const { process } = globalThis as { process?: ProcessLike };
  const threads = process?.getBuiltinModule?.("node:worker_threads");
  const files = process?.getBuiltinModule?.("node:fs");
  if (!process?.on || !threads || !files) return undefined;
  return {
    threadId: threads.threadId as number,
    platform: process.platform,
    readlink: files.readlinkSync as (path: string) => string,
    exists: files.existsSync as (path: string) => boolean,
    onWorker: (listener) => process.on!("worker", listener),
  };
}

/** The numbers of workers that this thread started and that have ended. */
const ended = new Set<number>();

/**
 * The trees that this thread is a participant of. Held strongly: each is let go of when its map is
 * closed or collected (instance.ts). A WeakRef would keep its target, and a whole memory with it, to
 * the end of the job that made it, and a job may make and close any number of maps.
 */
const attached = new Set<TreeExports>();

node?.onWorker((worker) => {
  const thread = worker.threadId + 1;
  worker.once("exit", () => {
    ended.add(thread);
    for (const exports of attached) exports.releaseThread(thread);
  });
});

/** This thread's two numbers. @internal */
export const thisThread: { readonly thread: number; readonly osThread: number } = {
  thread: node ? node.threadId + 1 : 0,
  osThread: findOsThread(),
};

function findOsThread(): number {
  if (node?.platform !== "linux") return 0;
  return Number(node.readlink("/proc/thread-self").split("/").at(-1));
}

/**
 * Has an attached tree hear of threads that end, and takes over from those that have ended already.
 *
 * @internal
 */
export function watchThreads(exports: TreeExports): void {
  attached.add(exports);
  exports.releaseGone();
}

/** The opposite of `watchThreads`. @internal */
export function unwatchThreads(exports: TreeExports): void {
  attached.delete(exports);
}

/** Whether a participant's thread has ended; undefined when nobody knows. */
function hasEnded(exports: TreeExports, number: number): boolean | undefined {
  if (ended.has(exports.threadOf(number))) return true;
  const osThread = exports.osThreadOf(number);
  if (osThread === 0 || thisThread.osThread === 0) return undefined;
  return !node!.exists(`/proc/self/task/${osThread}`);
}

/**
 * What the tree asks of its host: whether it is certain that a participant's thread has ended.
 *
 * @param exports of the instance that asks
 * @internal
 */
export function isGone(exports: TreeExports, number: number): boolean {
  return hasEnded(exports, number) === true;
}

/**
 * Whether a participant's thread can be seen to run; false when it has ended, and when nobody knows.
 *
 * @internal
 */
export function isRunning(exports: TreeExports, number: number): boolean {
  return hasEnded(exports, number) === false;
}
