/*
 * Tickets: who has which participant number.
 *
 *   TICKETS[i], a word for number i + 1:
 *
 *   31     30      29                                      0
 *   +------+------+-----------------------------------------+
 *   | HELD | DEAD | which thread; with HELD: which number   |     0: nobody has the number
 *   +------+------+-----------------------------------------+
 *
 * Numbers 1 to MAX_PARTICIPANTS are participants'. The few above are visitors': a thread that is no participant, but
 * recovers those that are dead. A visitor has no descriptor. Its number names it as the holder of the region's lock
 * and as the recoverer of others, and its ticket says who it is, in case that it dies as well. So ended threads that
 * hold every place in a region cannot keep others out.
 *
 * One compare-and-swap from 0 to the thread's own mark (`setThread`) takes a number. So at every instruction it is
 * known which thread has it. A compare-and-swap of that ticket reports that its thread has stopped for good, so
 * the report never hits a later thread. A participant can briefly hold a number that nobody has, to work on its
 * descriptor. Then the ticket names that participant: if it dies, its recoverer finds the number and gives it
 * back.
 *
 * PARTICIPANTS has the address of a number's descriptor: 0 until it has one, and never changed after that. A visitor's
 * is always 0.
 */

import { DESCRIPTOR_PAGES } from "./descriptor";
import { MAX_PARTICIPANTS, NUMBERS, PAGE_BYTES, PARTICIPANTS, TICKETS } from "./header";
import { isGone } from "./host";
import { reachTo } from "./reach";

/** In a ticket: a participant holds the number briefly; the rest is that participant's number. */
export const TICKET_HELD: u32 = 1 << 31;
/** In a ticket: its thread has stopped for good, and nobody has recovered it yet. */
export const TICKET_DEAD: u32 = 1 << 30;
/** The largest mark of a thread. A thread that never called `setThread` has it too. */
export const TICKET_THREAD: u32 = TICKET_DEAD - 1;

/** How often `takeNumber` tries again if all numbers are taken but some are only held briefly. */
const PATIENCE: u32 = 10_000;

/** The mark in this thread's tickets; 0 stands for TICKET_THREAD. */
let thread: u32 = 0;

/**
 * Says which thread this instance belongs to, in the tickets of numbers that it takes from now on. Others that see
 * a thread end can then find its numbers, even if it died in the middle of `register`.
 *
 * @param mark 1 to 2^30 - 2, different for each thread
 */
export function setThread(mark: u32): void {
  thread = mark;
}

/** The ticket of number `index + 1`: 0 if nobody has it. One atomic load. */
export function ticketAt(index: u32): u32 {
  return atomic.load<u32>(TICKETS + (index << 2));
}

/** Whether anyone has the number `index + 1`, if only briefly. */
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

/** The number that this instance has taken for its next `takeNumber`; 0 for none. */
let reserved: u32 = 0;

/**
 * Takes the number that the next `takeNumber` of this instance returns, before the thread can be in anyone's way: so
 * that it can first see to it that others notice if it ends.
 *
 * @returns the number; 0 when all are taken
 */
export function reserveNumber(): u32 {
  if (reserved === 0) {
    const index = takeNumber();
    if (index !== MAX_PARTICIPANTS) reserved = index + 1;
  }
  return reserved;
}

/** Gives back what `reserveNumber` took, if `takeNumber` has not returned it. */
export function dropReservation(): void {
  if (reserved !== 0) giveNumber(reserved - 1);
  reserved = 0;
}

/** What this thread's tickets say. */
function ownTicket(): u32 {
  return thread !== 0 ? thread : TICKET_THREAD;
}

/** Takes the number of a visitor, until `giveNumber` of the number - 1. Returns 0 when there are too many. */
export function takeVisitorNumber(): u32 {
  const own = ownTicket();
  for (let index: u32 = MAX_PARTICIPANTS; index < NUMBERS; index++) {
    if (change(index, 0, own)) return index + 1;
  }
  return 0;
}

/** Takes a participant's free number, or the reserved one, and returns its index; MAX_PARTICIPANTS when there is none. */
export function takeNumber(): u32 {
  if (reserved !== 0) {
    const index = reserved - 1;
    reserved = 0;
    return index;
  }
  const own = ownTicket();
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
 * Briefly takes a number that nobody has, in the name of a participant.
 *
 * @param index of the number, less than participantLimit()
 * @param by the number of the participant whose thread this is, or that it acts for
 * @returns whether it is held now, until `giveNumber(index)`. One compare-and-swap.
 */
export function holdNumber(index: u32, by: u32): bool {
  return change(index, 0, TICKET_HELD | by);
}

/** Whether a participant holds a number briefly. */
export function isHeld(index: u32, by: u32): bool {
  return ticketAt(index) === (TICKET_HELD | by);
}

/**
 * Takes the number of a dead thread, or a number that a dead participant holds. False if another thread was first.
 */
export function seizeNumber(index: u32, by: u32): bool {
  const ticket = ticketAt(index);
  if ((ticket & (TICKET_HELD | TICKET_DEAD)) === 0) return false;
  if ((ticket & TICKET_HELD) !== 0) {
    const holder = ticket & ~TICKET_HELD;
    if (holder !== by && !isDeadNumber(holder)) return false;
  }
  return change(index, ticket, TICKET_HELD | by);
}

/**
 * Reports that the thread to which a number's ticket belonged has stopped for good. Nothing happens if another
 * thread has the number by now, or if a participant holds it: then that participant takes care of it.
 *
 * @param ticket as it was when the thread had stopped. One compare-and-swap.
 */
export function markDeadTicket(index: u32, ticket: u32): void {
  if (ticket !== 0 && (ticket & (TICKET_HELD | TICKET_DEAD)) === 0) {
    change(index, ticket, ticket | TICKET_DEAD);
  }
}

/** Whether a ticket belongs to a thread, dead or not. */
export function isTicketOf(ticket: u32, thread: u32): bool {
  return (ticket & ~TICKET_DEAD) === thread;
}

/**
 * The descriptor of number `index + 1`, for `index` below NUMBERS; 0 if there never was one.
 *
 * It may be in use or not: PARTICIPANT_STATE tells. Descriptors never move or disappear.
 */
export function participantAt(index: u32): usize {
  const participant: usize = atomic.load<u32>(PARTICIPANTS + (index << 2));
  if (participant !== 0) reachTo(participant, DESCRIPTOR_PAGES * PAGE_BYTES);
  return participant;
}

/** Under the lock: publishes the complete descriptor of a number, for good. */
export function setParticipantAt(index: u32, participant: usize): void {
  atomic.store<u32>(PARTICIPANTS + (index << 2), <u32>participant);
}

/** Whether the thread of a number is known to be dead, and the number is not recovered yet. */
export function isDeadNumber(number: u32): bool {
  return (ticketAt(number - 1) & TICKET_DEAD) !== 0;
}

/**
 * Whether a number's participant is dead: because someone reported it, or, in modules compiled with HOST, because
 * the host knows that its thread has ended; then this call reports it. For a thread that waits for another.
 */
export function isGoneNumber(number: u32): bool {
  if (isDefined(HOST)) {
    // Read before the host is asked: by the time it has answered, another thread may have the number.
    const ticket = ticketAt(number - 1);
    if (ticket !== 0 && !isDeadNumber(number) && isGone(number) !== 0) {
      markDeadTicket(number - 1, ticket);
    }
  }
  return isDeadNumber(number);
}
