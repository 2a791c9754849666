let answer: boolean | undefined;

/**
 * Whether this thread may sleep until another wakes it.
 *
 * False on a browser's main thread, where `Atomics.wait` and `memory.atomic.wait32` throw: code
 * that runs there has to spin, with a bound. Asked of the engine itself, once per thread.
 */
export function mayWait(): boolean {
  answer ??= probe();
  return answer;
}

function probe(): boolean {
  try {
    // The cell is 0, not 1: where waiting is allowed this returns "not-equal" at once. Where it
    // is not, it throws before it looks at the cell.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
