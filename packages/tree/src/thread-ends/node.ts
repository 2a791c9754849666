/*
 * The ends of threads in Node: the exit event of a worker reaches the thread that started it, and on
 * Linux anyone can look, at once, whether the operating system still has a thread.
 *
 * Deno says at once that a worker which is told to terminate has exited, and lets it run on, for good if
 * it is in a loop. There the exit event is only the time to begin to look, and off Linux nobody knows.
 *
 * A thread's numbers are the id that Node gave it, plus 1, and the one that Linux gave it.
 */
import type { TreeExports } from "../tree-exports.ts";
import type { ThreadEnds, ThreadNumbers } from "./interface.ts";
import { lookAgain, takeOver } from "./take-over.ts";

/** What this uses of Node. */
interface NodeParts {
  readonly threadId: number;
  readonly platform: string | undefined;
  /** Whether a worker that has exited runs no more. */
  readonly exitIsEnd: boolean;
  readlink(path: string): string;
  exists(path: string): boolean;
  onWorker(listener: (worker: StartedWorker) => void): void;
}

interface StartedWorker {
  readonly threadId: number;
  once(event: "exit", listener: () => void): unknown;
}

/** What this uses of Deno. */
interface DenoLike {
  readonly permissions: {
    querySync(asked: { name: "read"; path: string }): { readonly state: string };
  };
}

interface ProcessLike {
  getBuiltinModule?(name: string): Record<string, unknown> | undefined;
  on?(event: "worker", listener: (worker: StartedWorker) => void): unknown;
  readonly platform?: string;
}

/** Where there is Node, or what passes for it; else undefined. @internal */
export function nodeEnds(): ThreadEnds | undefined {
  const node = findNode();
  return node && new NodeEnds(node);
}

function findNode(): NodeParts | undefined {
  const { process, Deno } = globalThis as { process?: ProcessLike; Deno?: DenoLike };
  const threads = process?.getBuiltinModule?.("node:worker_threads");
  const files = process?.getBuiltinModule?.("node:fs");
  if (!process?.on || !threads || !files) return undefined;
  return {
    threadId: threads.threadId as number,
    platform: Deno && !mayReadProc(Deno) ? undefined : process.platform,
    exitIsEnd: Deno === undefined,
    readlink: files.readlinkSync as (path: string) => string,
    exists: files.existsSync as (path: string) => boolean,
    onWorker: (listener) => process.on!("worker", listener),
  };
}

class NodeEnds implements ThreadEnds {
  readonly #node: NodeParts;
  readonly #self: ThreadNumbers;
  /** The numbers of workers that this thread started and that have ended. */
  readonly #ended = new Set<number>();
  /**
   * The trees that this thread is a participant of. Held strongly: each is let go of when its map is
   * closed or collected (instance.ts). A WeakRef would keep its target, and a whole memory with it,
   * to the end of the job that made it, and a job may make and close any number of maps.
   */
  readonly #attached = new Set<TreeExports>();

  constructor(node: NodeParts) {
    this.#node = node;
    this.#self = { thread: node.threadId + 1, osThread: osThread(node) };
    node.onWorker((worker) => {
      const thread = worker.threadId + 1;
      worker.once("exit", () => {
        if (node.exitIsEnd) this.#hasExited(thread);
        else if (this.#self.osThread !== 0) lookAgain(() => this.#isGone(thread));
      });
    });
  }

  #hasExited(thread: number): void {
    this.#ended.add(thread);
    for (const exports of this.#attached) {
      // Those that it had started have ended with it, and only it was told.
      takeOver(exports, () => exports.releaseThread(thread) + exports.releaseGone());
    }
  }

  /** Takes over from whose threads are gone; whether nobody of this thread is left. */
  #isGone(thread: number): boolean {
    for (const exports of this.#attached) {
      if (!has(exports, thread)) continue;
      takeOver(exports, () => exports.releaseGone());
      if (has(exports, thread)) return false;
    }
    return true;
  }

  self(): ThreadNumbers {
    return this.#self;
  }

  watch(exports: TreeExports): void {
    this.#attached.add(exports);
    takeOver(exports, () => exports.releaseGone());
  }

  unwatch(exports: TreeExports): void {
    this.#attached.delete(exports);
  }

  hasEnded(exports: TreeExports, number: number): boolean | undefined {
    if (this.#ended.has(exports.threadOf(number))) return true;
    const osThread = exports.osThreadOf(number);
    if (osThread === 0 || this.#self.osThread === 0) return undefined;
    if (this.#isListed(osThread)) return false;
    // Who may not look any more sees nobody, and not this thread either.
    return this.#isListed(this.#self.osThread) ? true : undefined;
  }

  #isListed(osThread: number): boolean {
    return this.#node.exists(`/proc/self/task/${osThread}`);
  }

  threadId(exports: TreeExports, number: number): number | undefined {
    const thread = exports.threadOf(number);
    return thread === 0 ? undefined : thread - 1;
  }
}

/** To try without permission would make Deno ask its user for it. */
function mayReadProc({ permissions }: DenoLike): boolean {
  return permissions.querySync({ name: "read", path: "/proc" }).state === "granted";
}

/** Whether a participant's thread has this number. */
function has(exports: TreeExports, thread: number): boolean {
  const last = exports.participants();
  for (let number = 1; number <= last; number++) {
    if (exports.stateOf(number) !== 0 && exports.threadOf(number) === thread) return true;
  }
  return false;
}

function osThread({ platform, readlink }: NodeParts): number {
  if (platform !== "linux") return 0;
  try {
    return Number(readlink("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0; // no /proc, or no permission to read it
  }
}
