/*
 * Attaching where ended threads hold every place: all numbers, or all memory in which a descriptor would fit. Perhaps
 * nobody else has the structure open who could recover them. So the instance that was refused becomes a visitor: it has
 * a number of its own kind and no descriptor (tickets.ts of @masstree/memory), recovers them, and attaches again.
 */
import { mayWait } from "@masstree/wasm";
import { FULL, TOO_MANY } from "../exports.ts";
import type { Membership } from "./interface.ts";
import { sleep } from "./sleep.ts";

/**
 * How often to try again, while another thread recovers as well, or holds what a recovery needs. Most tries wait for
 * that, about 10 ms each.
 */
const PATIENCE = 100;

/**
 * Attaches; if that is refused because there is no room, first recovers those who hold it, if they have ended.
 *
 * @param attach returns a status
 * @param visit returns what `recoverAsVisitor` returned
 * @returns the last status
 * @internal
 */
export function attachOrVisit(attach: () => number, visit: () => boolean): number {
  let status = attach();
  for (let tries = PATIENCE; isRefused(status) && tries !== 0; tries--) {
    const isRecovering = visit();
    status = attach();
    // Nobody is left to recover: since the attempt before the visit, others may have recovered them. And they may have
    // been about to give back the last number as this attempt took a higher one.
    if (!isRecovering) return isRefused(status) ? attach() : status;
  }
  return status;
}

function isRefused(status: number): boolean {
  return status === FULL || status === TOO_MANY;
}

/**
 * Recovers everyone who has ended, as a visitor.
 *
 * @param during called with the visitor's number, with the function that recovers
 * @returns whether there may be room now, or soon
 * @internal
 */
export function recoverAsVisitor(
  exports: Membership,
  thread: number,
  during: (number: number, recover: () => void) => void = (_, recover) => recover(),
): boolean {
  const number = exports.visit(mayWait() ? 1 : 0, thread);
  if (number === 0) {
    // The visitors before this one make room for it as well.
    sleep(10);
    return true;
  }
  let recovered = 0;
  try {
    during(number, () => {
      recovered = exports.releaseGone();
    });
  } finally {
    exports.endVisit();
  }
  return recovered !== 0 || exports.unrecovered() !== 0;
}
