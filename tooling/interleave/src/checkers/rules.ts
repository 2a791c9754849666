// The accesses that may race, each with its reason. Everything else must be ordered.
//
// The order of memory that the explored code has to follow:
// - what is read optimistically is read and written with atomics;
// - a block is filled before the atomic store that publishes its address, and is changed
//   afterwards through atomics only, or under a lock;
// - everything else is private to a thread.
// The race checker derives all of that from happens-before alone and needs no rule for it. A rule
// is for an access whose outcome is thrown away when it raced.
import type { Site } from "../instrument.ts";

/** An exception from the rule that plain accesses are ordered. */
export interface RaceRule {
  readonly name: string;
  readonly reason: string;
  /** Whether the pair is allowed; `earlier` came first in the schedule. */
  allows(earlier: Site, later: Site): boolean;
}
