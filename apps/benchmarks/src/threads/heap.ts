// Measures the heap of one thread, to find out what the peers occupy.
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collector: (() => void) | undefined;

/** Collects all garbage of this thread. */
export function collect(): void {
  // Contexts created after this flag was set have `gc`, so no command line has to pass the flag.
  setFlagsFromString("--expose-gc");
  collector ??= runInNewContext("gc") as () => void;
  collector();
}

/** Bytes in use on this thread's heap, without garbage. */
export function heapBytes(): number {
  collect();
  // Twice, because finalisers of the first collection may release more.
  collect();
  return getHeapStatistics().used_heap_size;
}
