// A worker thread that pushes numbers of its own and pops whatever is there, until it is told to stop, or terminated.
//
// In a shared log it notes what it does: `attempted` is raised before each push and `pushed` after it, and
// `seen` counts how often each number was popped.
import { workerData } from "node:worker_threads";
import type { Handle } from "@masstree/session";
import { SharedStack } from "../../src/index.ts";
import { bytesOf, numberOf } from "../numbers.ts";
import { Log } from "./log.ts";

export interface WorkerStart {
  readonly handle: Handle;
  readonly log: SharedArrayBuffer;
  /** Its first number; the others follow. */
  readonly first: number;
  /** After how many it only pops. */
  readonly count: number;
  readonly row: number;
}

const { handle, log: buffer, first, count, row } = workerData as WorkerStart;
const log = new Log(buffer);
const stack = SharedStack.attach(handle);

for (let n = 0; n < count; n++) {
  log.attempted(row, n + 1);
  stack.push(bytesOf(first + n));
  log.pushed(row, n + 1);
  if (n % 16 === 0) {
    stack.peek();
    if (stack.size < 20) for (const _ of stack);
  }
  if (n % 2 === 0) continue;
  const popped = numberOf(stack.pop());
  if (popped !== undefined) log.popped(popped);
}
stack.close();
