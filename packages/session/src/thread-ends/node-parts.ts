/*
 * What Node offers about threads. Deno and Bun offer the same, and only this file knows the differences.
 */

import { nodeBuiltin } from "@masstree/errors/node-builtin";
import { type FileSystem, linuxThread } from "./linux.ts";

/** A worker that this thread started. */
export interface StartedWorker {
  readonly threadId: number;
  once(event: "exit", listener: () => void): unknown;
  prependOnceListener?(event: "exit", listener: () => void): unknown;
}

export interface NodeParts {
  /** Node's id of this thread. No other thread of the process ever has it. */
  readonly threadId: number;
  readonly isMainThread: boolean;
  /** Linux's number of this thread; 0 if it is not available. */
  readonly osThread: number;
  /** Whether a worker that has emitted `exit` runs no more code. */
  readonly exitIsEnd: boolean;
  readonly files: FileSystem;
  /** Calls the listener for each worker that this thread starts from now on, a tick after it was started. */
  onWorker(listener: (worker: StartedWorker) => void): void;
}

interface ProcessLike {
  on?(event: "worker", listener: (worker: StartedWorker) => void): unknown;
  readonly platform?: string;
}

/** What this uses of Deno. */
interface DenoLike {
  readonly permissions: {
    querySync(asked: { name: "read"; path: string }): { readonly state: string };
  };
}

interface Threads {
  readonly threadId: number;
  readonly isMainThread: boolean;
}

/** Undefined if this is not Node, Deno or Bun. */
export function findNode(): NodeParts | undefined {
  const { process, Deno } = globalThis as { process?: ProcessLike; Deno?: DenoLike };
  const threads = nodeBuiltin<Threads>("node:worker_threads");
  const files = nodeBuiltin<FileSystem>("node:fs");
  if (!process?.on || !threads || !files) return undefined;
  const { threadId, isMainThread } = threads;
  const mayLook = process.platform === "linux" && (!Deno || mayReadProc(Deno));
  return {
    threadId,
    isMainThread,
    osThread: mayLook ? linuxThread(files) : 0,
    exitIsEnd: !Deno,
    files,
    onWorker: (listener) => process.on!("worker", listener),
  };
}

/** If we just tried without permission, Deno would ask its user for it. */
function mayReadProc({ permissions }: DenoLike): boolean {
  return permissions.querySync({ name: "read", path: "/proc" }).state === "granted";
}
