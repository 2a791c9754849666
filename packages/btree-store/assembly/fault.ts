/*
 * What went wrong during an operation. AssemblyScript has no exceptions: an operation that meets a page that cannot
 * be read or is damaged notes it here, goes on with an empty leaf, and in the end returns FAILED. What it has
 * found or changed meanwhile has no meaning: a search's result is not used, and a transaction is rolled back.
 */

/** What an operation returns after a fault. */
export const FAILED: u32 = 0xff;

/** Nothing went wrong. */
export const FAULT_NONE: u32 = 0;
/** JavaScript could not read the page. */
export const FAULT_READ: u32 = 1;
/** The page is damaged; the detail says how: see page.ts, and WRONG_LEVEL. */
export const FAULT_CORRUPT: u32 = 2;
/** The region is full. */
export const FAULT_MEMORY: u32 = 3;

/** Detail of FAULT_CORRUPT: a page that is not where its kind and level belong. */
export const WRONG_LEVEL: u32 = 6;
/** Detail of FAULT_CORRUPT: a chain that ends too early. */
export const SHORT_CHAIN: u32 = 7;

let kind: u32 = 0;
let page: u32 = 0;
let detail: u32 = 0;

/** Begins an operation. */
export function clearFault(): void {
  kind = FAULT_NONE;
}

/** Notes a fault. The first one counts. */
export function note(what: u32, number: u32, how: u32): void {
  if (kind !== FAULT_NONE) return;
  kind = what;
  page = number;
  detail = how;
}

/** What went wrong in the last operation. */
export function fault(): u32 {
  return kind;
}

/** The page at which it went wrong. */
export function faultPage(): u32 {
  return page;
}

/** More about it. */
export function faultDetail(): u32 {
  return detail;
}
