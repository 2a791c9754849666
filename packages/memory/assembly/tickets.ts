// Tickets: who has which participant number.
//
//   TICKETS[i], a word for number i + 1:
//
//   31     30      29                                      0
//   +------+------+-----------------------------------------+
//   | HELD | DEAD | which thread; with HELD: which number   |     0: nobody has the number
//   +------+------+-----------------------------------------+
//
// A number is taken by one compare-and-swap of 0 to the thread's own mark (`setThread`), so that at
// every instruction it is known which thread has it. That its thread has stopped for good is said by a
// compare-and-swap of that ticket, so it is never said of a thread that came later. A participant can hold a number that nobody has
// for a moment, to look after what is in its descriptor: then the ticket names that participant, so
// that whoever takes over from it finds the number and gives it back.
//
// The address of a number's descriptor is in PARTICIPANTS; 0 until it has one, and never changed after.

import { DESCRIPTOR_PAGES } from "./descriptor";
import { MAX_PARTICIPANTS, PAGE_BYTES, PARTICIPANTS, TICKETS } from "./header";
import { reachTo } from "./reach";

/** In a ticket: a participant holds the number for a moment; the rest is that participant's number. */
export const TICKET_HELD: u32 = 1 << 31;
/** In a ticket: its thread has stopped for good, and nobody has put right yet what it left. */
const TICKET_DEAD: u32 = 1 << 30;
/** The largest mark of a thread, which is also what a thread has that never called `setThread`. */
export const TICKET_THREAD: u32 = TICKET_DEAD - 1;

/** How often `takeNumber` looks again when all that kept it from a number was held for a moment. */
const PATIENCE: u32 = 10_000;

/** What this thread's tickets say; 0 is TICKET_THREAD. */
let thread: u32 = 0;

/**
 * Says which thread this instance is for, in the tickets of numbers that it takes from now on: so that
 * others, who see a thread end, find its numbers even if it died in the middle of `register`.
 *
 * @param mark 1 to 2^30 - 2, different for each thread
 */
export function setThread(mark: u32): void {
  thread = mark;
}

/** The ticket of number `index + 1`: 0 when nobody has it. One atomic load. */
export function ticketAt(index: u32): u32 {
  return atomic.load<u32>(TICKETS + (index << 2));
}

/** Says whether somebody has the number `index + 1`, be it for a moment. */
export function isTaken(index: u32): bool {
  return ticketAt(index) !== 0;
}

function change(index: u32, from: u32, to: u32): bool {
  return atomic.cmpxchg<u32>(TICKETS + (index << 2), from, to) === from;
}

/** Gives a number back. One atomic store. */
export function giveNumber(index: u32): void {
  atomic.store<u32>(TICKETS + (index << 2), 0);
}

/** Takes a free number and returns its index; MAX_PARTICIPANTS when there is none. */
export function takeNumber(): u32 {
  const own = thread ? thread : TICKET_THREAD;
  for (let tries = PATIENCE; tries !== 0; tries--) {
    let momentary = false;
    for (let index: u32 = 0; index < MAX_PARTICIPANTS; index++) {
      const ticket = ticketAt(index);
      if (ticket === 0 && change(index, 0, own)) return index;
      if (ticket === 0 || ticket & TICKET_HELD) momentary = true;
    }
    if (!momentary) break;
  }
  return MAX_PARTICIPANTS;
}

/**
 * Takes a number that nobody has for a moment, in the name of a participant.
 *
 * @param index of the number, less than participantLimit()
 * @param by the number of the participant whose thread this is, or that it acts for
 * @returns whether it is held now, until `giveNumber(index)`. One compare-and-swap.
 */
export function holdNumber(index: u32, by: u32): bool {
  return change(index, 0, TICKET_HELD | by);
}

/** Says whether a number is held, for a moment, by a participant. */
export function isHeld(index: u32, by: u32): bool {
  return ticketAt(index) === (TICKET_HELD | by);
}

/** Takes the number of a dead thread, or one that a dead participant holds; false when others were first. */
export function seizeNumber(index: u32, by: u32): bool {
  const ticket = ticketAt(index);
  if ((ticket & (TICKET_HELD | TICKET_DEAD)) === 0) return false;
  if (ticket & TICKET_HELD) {
    const holder = ticket & ~TICKET_HELD;
    if (holder !== by && !isDeadNumber(holder)) return false;
  }
  return change(index, ticket, TICKET_HELD | by);
}

/**
 * Says that the thread to which a number's ticket belonged has stopped for good. Nothing happens when
 * another has the number by now, or when it is held: then it is its holder's business.
 *
 * @param ticket as it was when the thread had stopped. One compare-and-swap.
 */
export function markDeadTicket(index: u32, ticket: u32): void {
  if (ticket !== 0 && (ticket & (TICKET_HELD | TICKET_DEAD)) === 0) {
    change(index, ticket, ticket | TICKET_DEAD);
  }
}

/** Whether a ticket is that of a thread, dead or not. */
export function isTicketOf(ticket: u32, thread: u32): bool {
  return (ticket & ~TICKET_DEAD) === thread;
}

/**
 * The descriptor at `index` (0 .. participantLimit() - 1), which is number `index + 1`'s; 0 when
 * there never was one.
 *
 * It may be in use or not: PARTICIPANT_STATE tells. Descriptors never move or go away.
 */
export function participantAt(index: u32): usize {
  const participant: usize = atomic.load<u32>(PARTICIPANTS + (index << 2));
  if (participant) reachTo(participant, DESCRIPTOR_PAGES * PAGE_BYTES);
  return participant;
}

/** Holding the lock: the descriptor of a number, complete, for good. */
export function setParticipantAt(index: u32, participant: usize): void {
  atomic.store<u32>(PARTICIPANTS + (index << 2), <u32>participant);
}

/** Says whether the thread of a number is known to be dead, and the number not recovered yet. */
export function isDeadNumber(number: u32): bool {
  return (ticketAt(number - 1) & TICKET_DEAD) !== 0;
}
