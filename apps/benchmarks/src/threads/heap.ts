// The heap of one thread, for what the peers occupy.
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collector: (() => void) | undefined;

/** Collects all garbage of this thread. */
export function collect(): void {
  // The flag shows in contexts made after it was set; no command line has to name it.
  setFlagsFromString("--expose-gc");
  collector ??= runInNewContext("gc") as () => void;
  collector();
}

/** Bytes in use on this thread's heap, garbage excluded. */
export function heapBytes(): number {
  collect();
  // Twice: finalisers of the first round may let go of more.
  collect();
  return getHeapStatistics().used_heap_size;
}
