// What a schedule can end in, other than well.

/** Names of what went wrong. */
export type FailureKind =
  /** Two accesses to the same bytes, one of them plain and one a write, without order between them. */
  | "race"
  /** An access to a block that had been freed. */
  | "use-after-free"
  /** An access to a block that had been retired before its thread was pinned. */
  | "use-after-retire"
  /** A block allocated or freed in a way that its state does not allow. */
  | "bad-block"
  /** An access past the end of the memory. */
  | "out-of-bounds"
  /** Every thread waits without a timeout. */
  | "deadlock"
  /** More steps than the bound: threads that keep each other from going on. */
  | "no-progress"
  /** The code ran into an `unreachable`, a failed assertion among them. */
  | "trap"
  /** The program's own check of the final state. */
  | "check"
  /** No order of the operations explains what they returned. */
  | "not-linearizable";

/** A schedule's bad end. Thrown inside a step, reported by the explorer. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}
