import { mayWait } from "@masstree/wasm";

/** Blocks this thread with its event loop. Returns at once where a thread may not wait. @internal */
export function sleep(milliseconds: number): void {
  if (mayWait()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
