// Which words say that a thread is pinned.
import type { Machine } from "../machine/machine.ts";

/**
 * Tells the block checker where these threads announce that they are pinned. Each is in the region by now, and
 * the core's export `announcement` gives the address of the calling thread's word.
 */
export function watchPins(machine: Machine, threads: readonly Machine["observer"][]): void {
  machine.blocks?.watchPins(threads.map((thread) => Number(machine.call(thread, "announcement"))));
}
