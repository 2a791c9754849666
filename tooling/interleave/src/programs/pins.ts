// Which words say that a thread is pinned.
import type { Machine } from "../machine/machine.ts";

/** Tells the block checker where these threads, who are in the region, announce that they are pinned. */
export function watchPins(machine: Machine, threads: readonly Machine["observer"][]): void {
  machine.blocks?.watchPins(threads.map((thread) => Number(machine.call(thread, "announcement"))));
}
