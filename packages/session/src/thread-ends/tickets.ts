/*
 * The tickets of a shared memory, as JavaScript reads them: which thread has which participant number. A thread takes a
 * number by writing its ticket, so the ticket is right from the first moment. The descriptor's words follow later.
 *
 * The layout is @masstree/memory's (assembly/header.ts and tickets.ts).
 */
import type { WasmMemory } from "@masstree/wasm";
import {
  ASKING,
  HEADER_BYTES,
  NUMBERS,
  SENTINELS,
  TICKET_DEAD,
  TICKET_HELD,
  TICKET_THREAD,
  TICKETS,
} from "../exports.ts";

/** The first words of a shared memory. They never move, so the array stays valid when the memory grows. */
export function headerWords({ buffer }: WasmMemory): Int32Array<ArrayBufferLike> {
  return new Int32Array(buffer, 0, HEADER_BYTES / 4);
}

/** Index of the ticket of a number. */
export function ticketIndex(number: number): number {
  return TICKETS / 4 + number - 1;
}

/** Index of the word of a number that belongs to sentinels.ts. */
export function sentinelIndex(number: number): number {
  return SENTINELS / 4 + number - 1;
}

/** Which number each number asks about, for sentinels.ts. */
export function askingOf({ buffer }: Int32Array): Uint16Array {
  return new Uint16Array(buffer, ASKING, NUMBERS);
}

/** The thread of a number's participant, dead or alive; 0 if there is none, or it is not known. */
export function threadOfTicket(words: Int32Array, number: number): number {
  const ticket = Atomics.load(words, ticketIndex(number));
  // 0: another participant holds it, or its thread did not say which one it is.
  const thread = ticket & ~TICKET_DEAD;
  return (ticket & TICKET_HELD) !== 0 || thread === TICKET_THREAD ? 0 : thread;
}
