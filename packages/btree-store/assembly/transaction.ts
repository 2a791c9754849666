/*
 * Pages that the transaction takes, copies and gives up. Which numbers are free is JavaScript's business: it is asked
 * for them, and empties the lists of what was given up between operations.
 */
import { dropDirty, makeDirty } from "./dirty";
import { FAULT_CORRUPT, FAULT_MEMORY, FAULT_NONE, fault, note, SHORT_CHAIN } from "./fault";
import { fetch } from "./fetch";
import { isDirty, numberIn } from "./frame";
import { take as takeNumber } from "./host";
import { CHAIN, commitOf, contentOf, kindOf, linkOf, numberOf, rename } from "./page";
import { find, forget } from "./table";
import { words } from "./words";

/** The most pages that a run of a key's chain can have: a key has at most 16 pages in a chain. */
const LONGEST_KEY_RUN: u32 = 32;

/** A dirty page with a new number, in which anything may be; 0 after a fault. */
export function freshPage(): usize {
  const number = takeNumber();
  if (number !== 0) return makeDirty(number);
  note(FAULT_MEMORY, 0, 0);
  return 0;
}

/** The transaction's own copy of a page of a tree, which it may be itself; 0 after a fault. */
export function own(page: usize): usize {
  if (fault() !== FAULT_NONE) return 0;
  if (isDirty(page)) return page;
  const copy = freshPage();
  if (copy === 0) return 0;
  const taken = numberIn(copy);
  memory.copy(copy, page, words().pageBytes);
  rename(copy, taken, words().commit);
  add(words().freed, numberOf(page), 1);
  return copy;
}

/** Gives up a page that the new state does not use. */
export function giveUp(page: usize): void {
  const number = numberOf(page);
  if (number === 0) return; // After a fault.
  if (isDirty(page)) {
    dropDirty(page);
    putBack(number);
  } else {
    add(words().freed, number, 1);
  }
}

/** Gives up all pages of a key's chain. */
export function giveUpChain(first: u32): void {
  let number = first;
  while (number !== 0) {
    const page = fetch(number);
    const run = contentOf(page);
    if (fault() !== FAULT_NONE) return;
    if (kindOf(page) !== CHAIN || run === 0 || run > LONGEST_KEY_RUN) {
      note(FAULT_CORRUPT, number, SHORT_CHAIN);
      return;
    }
    const next = linkOf(page);
    if (commitOf(page) === words().commit) {
      for (let i: u32 = 0; i < run; i++) {
        const one = find(number + i);
        if (one !== 0 && isDirty(one)) dropDirty(one);
        else if (one !== 0) forget(one);
        putBack(number + i);
      }
    } else {
      add(words().freed, number, run);
    }
    number = next;
  }
}

/** A number that the transaction had taken may be taken again. */
function putBack(number: u32): void {
  add(words().returned, number, 1);
}

/** Adds a run to one of the lists. */
function add(list: usize, first: u32, pages: u32): void {
  const it = words();
  const isFreed = list === it.freed;
  const count = isFreed ? it.freedCount : it.returnedCount;
  const at = list + ((<usize>count) << 3);
  store<u32>(at, first);
  store<u32>(at, pages, 4);
  if (isFreed) it.freedCount = count + 1;
  else it.returnedCount = count + 1;
}
