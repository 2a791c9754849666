/*
 * The ends of threads in Node: the exit event of a worker reaches the thread that started it, and on
 * Linux anyone can look, at once, whether the operating system still has a thread.
 *
 * A thread's numbers are the id that Node gave it, plus 1, and the one that Linux gave it.
 */
import type { TreeExports } from "../tree-exports.ts";
import type { ThreadEnds, ThreadNumbers } from "./interface.ts";
import { takeOver } from "./take-over.ts";

/** What this uses of Node. */
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

/** Where there is Node, or what passes for it; else undefined. @internal */
export function nodeEnds(): ThreadEnds | undefined {
  const node = findNode();
  return node && new NodeEnds(node);
}

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
        this.#ended.add(thread);
        for (const exports of this.#attached) {
          takeOver(exports, () => exports.releaseThread(thread));
        }
      });
    });
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
    return !this.#node.exists(`/proc/self/task/${osThread}`);
  }

  threadId(exports: TreeExports, number: number): number | undefined {
    const thread = exports.threadOf(number);
    return thread === 0 ? undefined : thread - 1;
  }
}

function osThread({ platform, readlink }: NodeParts): number {
  if (platform !== "linux") return 0;
  try {
    return Number(readlink("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0; // no /proc, or no permission to read it
  }
}
