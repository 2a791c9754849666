/*
 * How threads of the explorer recover those that have died, whatever the structure: a core exports these for its own
 * Client.
 */
import { KEY_SCRATCH, markDead, participantAt } from "@masstree/memory/assembly";
import { Client, participant, recoverGone } from "@masstree/session/assembly";
import { endVisit, unrecovered, visit } from "@masstree/session/assembly/module";

/** Says who has died: a bit of the word in the key scratch for each participant's index. */
export function mark(): void {
  const dead = load<u32>(participant, KEY_SCRATCH);
  for (let index: u32 = 0; index < 32; index++) {
    if ((dead >> index) & 1) markDead(participantAt(index));
  }
}

/** As `mark`, and takes over from them. */
export function buryAs<C extends Client>(): u32 {
  mark();
  return recoverGone<C>();
}

/** As `buryAs`, until there is nothing left to take over: what is in the way of that is given back some time. */
export function buryAtLastAs<C extends Client>(): void {
  mark();
  do {
    recoverGone<C>();
  } while (unrecovered() !== 0);
}

/** Of a thread that is no participant: recovers those that are known to have died, as a visitor. */
export function recoverAsVisitorOf<C extends Client>(): void {
  if (visit(1, 0) === 0) return;
  recoverGone<C>();
  endVisit();
}
