/**
 * `@masstree/session/trace`: the events of node:diagnostics_channel as lines of JSON.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { stderr } from "node:process";
import { threadId } from "node:worker_threads";
import { MassTreeBadOptionError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import type { DiagnosticEvent, DiagnosticEvents } from "./diagnostics.ts";

const names: Record<keyof DiagnosticEvents, true> = {
  "masstree:memory-grown": true,
  "masstree:full": true,
  "masstree:participant-recovered": true,
  "masstree:epoch-held": true,
};

/** Numbers of memories in this thread, from 1, by their first events. */
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

/**
 * Writes what is rare and worth knowing about maps as lines of JSON, until it is told to stop. It is about this thread:
 * call it in every thread.
 *
 * Each line is an object with these members, in this order:
 *
 * - `time`: when it was written, as `Date`'s `toISOString` gives it
 * - `event`: `"memory-grown"`, `"full"`, `"participant-recovered"`, `"epoch-held"`
 * - `thread`: the `threadId` of node:worker_threads
 * - `structure`: `"map"`; `"store"` and so on for others that are built the same way
 * - `memory`: which map: numbers from 1, in the order in which this thread first writes about them
 * - what the event says besides: `bytes` or `participant`, as `DiagnosticEvents` of `@masstree/session` describes
 *
 * @param write gets each line, with its line end; by default it goes to the standard error
 * @returns a function that stops it
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if `write` is not a function
 *
 * @example
 * ```ts
 * const lines: string[] = [];
 * const stop = trace((line) => lines.push(line));
 * const map = new MassTree({ initialBytes: 2 ** 20 });
 * for (let i = 0; i < 20_000; i++) map.set(`key ${i}`, i);
 * await Promise.resolve();
 * const { event, structure, memory } = JSON.parse(lines[0]!);
 * [event, structure, memory]; // => ["memory-grown", "map", 1]
 * stop();
 * ```
 */
export function trace(
  write: (line: string) => void = (line) => void stderr.write(line),
): () => void {
  if (typeof write !== "function") {
    throw new MassTreeBadOptionError(
      `'trace' takes a function that gets each line, such as (line) => stream.write(line), not ${describe(write)}.`,
    );
  }
  const listener = (message: unknown, name: string | symbol) => {
    const { memory, structure, ...details } = message as DiagnosticEvent;
    const line = {
      time: new Date().toISOString(),
      event: String(name).slice("masstree:".length),
      thread: threadId,
      structure,
      memory: numberOf(memory),
      ...details,
    };
    write(`${JSON.stringify(line)}\n`);
  };
  for (const name of Object.keys(names)) subscribe(name, listener);
  return () => {
    for (const name of Object.keys(names)) unsubscribe(name, listener);
  };
}

function numberOf(memory: object): number {
  let number = numbers.get(memory);
  if (number === undefined) {
    number = ++lastNumber;
    numbers.set(memory, number);
  }
  return number;
}
