// What must be, may be and must not be in the map at a moment, while others write it.
//
// The keys stand in one shuffled order. A step writes the positions [from, to) of it: writer w of
// `writers` takes from + w, from + w + writers, ... in that order, and publishes how many it has
// done. What it published is certain; what it did not may have happened or not.
import type { Board } from "../threads/board.ts";

export type Writing = "insert" | "remove";

/** The part of the order that a step writes. */
export interface Span {
  readonly writing: Writing;
  readonly from: number;
  readonly to: number;
  readonly writers: number;
}

export type Certainty = "there" | "unknown" | "absent";

export class Expectation {
  readonly #span: Span;
  readonly #done: readonly number[];

  /** @param done operations that each writer had published when the question arose */
  constructor(span: Span, done: readonly number[]) {
    this.#span = span;
    this.#done = done;
  }

  /** What holds from now on, during the step. */
  static now(span: Span, board: Board): Expectation {
    return new Expectation(
      span,
      Array.from({ length: span.writers }, (_, writer) => board.published(writer)),
    );
  }

  /** What holds while no one writes: the positions from `first` on are there. */
  static quiet(first: number): Expectation {
    return new Expectation({ writing: "remove", from: first, to: first, writers: 1 }, [0]);
  }

  of(position: number): Certainty {
    const { writing, from, to, writers } = this.#span;
    // Positions before the span were written by an earlier step, those after it by none.
    if (position < from) return writing === "insert" ? "there" : "absent";
    if (position >= to) return writing === "insert" ? "absent" : "there";
    const offset = position - from;
    const isDone = Math.floor(offset / writers) < this.#done[offset % writers]!;
    if (!isDone) return "unknown";
    return writing === "insert" ? "there" : "absent";
  }
}
