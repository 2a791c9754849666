let answer: boolean | undefined;

/**
 * Whether this thread may sleep until another thread wakes it.
 *
 * False on a browser's main thread, where `Atomics.wait` and `memory.atomic.wait32` throw: code that
 * runs there has to spin, with a bound. The first call asks the engine; later calls in the same
 * thread return that answer.
 */
export function mayWait(): boolean {
  answer ??= probe();
  return answer;
}

function probe(): boolean {
  try {
    // The cell is 0, not 1. If waiting is allowed, this returns "not-equal" at once; if not, it throws
    // before it reads the cell.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}
