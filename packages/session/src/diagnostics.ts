/*
 * What is rare and worth knowing, as events of node:diagnostics_channel, where there is one: Node, Bun and Deno. Elsewhere
 * nothing happens.
 *
 * Invariants
 *   DIAG1  A subscriber is code of the caller. It runs in a job of its own, when no operation of this thread is under way:
 *          what notices an event may hold locks.
 *   DIAG2  Nothing is made of an event that nobody has subscribed to.
 */
import { nodeBuiltin } from "@masstree/errors/node-builtin";
import type { WasmMemory } from "@masstree/wasm";
import { TOLD_GROWN, TOLD_HELD_UP, TOLD_RECOVERED } from "./exports.ts";

/** What every event says. */
export interface DiagnosticEvent {
  /** The memory of the structure: that of its handle. */
  readonly memory: WasmMemory;
  /** What the structure is, as in messages: `"map"`. */
  readonly structure: string;
}

/** The events, by the names of their channels. Each is published in the thread that notices it. */
export interface DiagnosticEvents {
  /** This thread has grown the memory. */
  "masstree:memory-grown": DiagnosticEvent & {
    /** Its bytes now. */
    readonly bytes: number;
  };
  /** A write of this thread did not fit, and was refused (`MASSTREE_FULL`). */
  "masstree:full": DiagnosticEvent & {
    /** The bytes of the memory. */
    readonly bytes: number;
  };
  /** This thread has recovered what a thread that ended had left. */
  "masstree:participant-recovered": DiagnosticEvent & {
    /** The number that the ended thread had. */
    readonly participant: number;
  };
  /**
   * Much of what this thread has removed cannot be freed, because a thread stays in an operation, or holds a
   * guard. At most once a second for each participant.
   */
  "masstree:epoch-held": DiagnosticEvent & {
    /** The number of the thread that holds it up: `stats().participants` says more. */
    readonly participant: number;
  };
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

interface ChannelModule {
  channel(name: string): Channel;
}

let module: ChannelModule | undefined | null = null;

function channelOf(name: string): Channel | undefined {
  if (module === null) module = nodeBuiltin<ChannelModule>("node:diagnostics_channel");
  return module?.channel?.(name);
}

/**
 * Publishes an event, soon. May be called in the middle of an operation, and does not throw.
 *
 * @param name of a channel
 * @param memory of the structure
 * @param structure what it is, as in messages
 * @param details what else the event says
 */
export function publish<Name extends keyof DiagnosticEvents>(
  name: Name,
  memory: WasmMemory,
  structure: string,
  details: Omit<DiagnosticEvents[Name], keyof DiagnosticEvent>,
): void {
  if (import.meta.FOR_BROWSERS) return;
  try {
    const channel = channelOf(name);
    if (!channel?.hasSubscribers) return;
    const event = Object.freeze({ memory, structure, ...details });
    queueMicrotask(() => channel.publish(event));
  } catch {
    // The stack may be full. What is under way matters more.
  }
}

/** Milliseconds in which one participant is reported once to hold the epoch. */
const HELD_EVERY = 1000;
const wasmPageBytes = 65_536;

/**
 * What a module's code imports as `tell`.
 *
 * @internal
 */
export function teller(
  memory: WasmMemory,
  structure: string,
  now: () => number,
): (what: number, value: number) => void {
  if (import.meta.FOR_BROWSERS) return () => {};
  const reported = new Map<number, number>();
  return (what, value) => {
    switch (what) {
      case TOLD_GROWN:
        return publish("masstree:memory-grown", memory, structure, {
          bytes: value * wasmPageBytes,
        });
      case TOLD_RECOVERED:
        return publish("masstree:participant-recovered", memory, structure, { participant: value });
      case TOLD_HELD_UP: {
        const time = now();
        const last = reported.get(value);
        // The clock may have been set back.
        if (last !== undefined && Math.abs(time - last) < HELD_EVERY) return;
        reported.set(value, time);
        publish("masstree:epoch-held", memory, structure, { participant: value });
      }
    }
  };
}
