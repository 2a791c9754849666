/*
 * Pages from memory, or else from the file.
 */
import { free } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { FAULT_CORRUPT, FAULT_MEMORY, FAULT_READ, note } from "./fault";
import { FRAME_HEAD, frameBytes, makeFrame } from "./frame";
import { load as loadPage } from "./host";
import { SOUND, validate } from "./page";
import { newestCommit } from "./state";
import { find, insert } from "./table";
import { words } from "./words";

/** The page with a number, from memory or from the file; after a fault, an empty leaf. Pinned. */
export function fetch(number: u32): usize {
  const found = find(number);
  return found !== 0 ? found : read(number);
}

function read(number: u32): usize {
  if (number < 2) {
    note(FAULT_CORRUPT, number, 0);
    return words().nowhere;
  }
  const page = makeFrame(number);
  if (page === 0) {
    note(FAULT_MEMORY, number, 0);
    return words().nowhere;
  }
  let how = SOUND;
  const isRead = loadPage(number, page) !== 0;
  // Not before: another thread may commit meanwhile.
  if (isRead) how = validate(page, number, newestCommit());
  if (isRead && how === SOUND) return insert(page);
  if (!isRead) note(FAULT_READ, number, 0);
  else note(FAULT_CORRUPT, number, how);
  free(participant, page - FRAME_HEAD, frameBytes());
  return words().nowhere;
}
