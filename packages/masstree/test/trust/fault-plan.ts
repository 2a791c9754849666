// What the threads of faults-worker.ts are told.
import type { MapHandle } from "@masstree/tree";
import type { Builds } from "./builds.ts";

interface Common {
  readonly handle: MapHandle;
  readonly builds?: Builds;
}

export type FaultStart = Common &
  (
    | { readonly task: "pin" }
    | { readonly task: "take"; readonly count: number }
    | {
        readonly task: "fill";
        readonly thread: number;
        readonly threads: number;
        /** i32, how many have attached. */
        readonly ready: SharedArrayBuffer;
      }
    | { readonly task: "churn"; readonly thread: number; readonly rounds: number }
  );

/** Where `fill` and `churn` put their things. */
export function fillKey(thread: number, i: number): string {
  return i % 2 === 0 ? `${thread}/${i}` : `/a/long/prefix/for/all/of/them/${i}/${thread}`;
}
