/**
 * @file The guards that a map has in this thread: how many are open, for how long, and what they hold. A guard that its
 * owner has dropped without disposing of it leaves the count when the collector finds it.
 */

import { now } from "./clock.ts";
import type { GuardAccount } from "./guard-memory.ts";

/** The guards that a map has in this thread. */
export interface GuardStats {
  /** How many are not disposed of, nor collected. */
  readonly open: number;
  /** Bytes of memory, outside of the map, that they hold for their views. */
  readonly bytes: number;
  /** For how many milliseconds the oldest has been open; 0 if there is none. */
  readonly openFor: number;
}

interface Ending {
  dispose(): void;
}

/** Hears of guards: that they are made, and that they end. @internal */
export interface GuardKeeper {
  add(guard: Ending, account: GuardAccount): unknown;
  delete(guard: Ending, account: GuardAccount): unknown;
}

interface Entry {
  readonly open: Set<GuardAccount>;
  readonly account: GuardAccount;
}

// Memory of a guard that was dropped is the collector's. Engines without a registry count it as open.
const registry: FinalizationRegistry<Entry> | undefined =
  typeof FinalizationRegistry === "function"
    ? new FinalizationRegistry(({ open, account }) => open.delete(account))
    : undefined;

/** Counts a map's guards. Does not keep them. @internal */
export class OpenGuards implements GuardKeeper {
  /** From the oldest to the newest. */
  readonly #open = new Set<GuardAccount>();

  add(guard: Ending, account: GuardAccount): void {
    this.#open.add(account);
    registry?.register(guard, { open: this.#open, account }, account);
  }

  delete(_guard: Ending, account: GuardAccount): void {
    this.#open.delete(account);
    registry?.unregister(account);
  }

  get stats(): GuardStats {
    const open = [...this.#open];
    const oldest = open[0];
    return {
      open: open.length,
      bytes: open.reduce((sum, { bytes }) => sum + bytes, 0),
      openFor: oldest === undefined ? 0 : now() - oldest.since,
    };
  }
}
