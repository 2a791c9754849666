// What must be, may be and must not be in the map at a given moment, while other threads write.
//
// All keys are in one shuffled order. A step writes the positions [from, to) of that order: writer w of
// `writers` takes positions from + w, from + w + writers, ... in turn, and publishes how many it has
// done. Published operations have certainly happened; others may or may not have.
import type { Board } from "../threads/board.ts";

export type Writing = "insert" | "remove";

/** The part of the order that a step writes, and how. */
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

  /** @param done how many operations each writer had published at that moment */
  constructor(span: Span, done: readonly number[]) {
    this.#span = span;
    this.#done = done;
  }

  /** What holds now, during a step. */
  static now(span: Span, board: Board): Expectation {
    return new Expectation(
      span,
      Array.from({ length: span.writers }, (_, writer) => board.published(writer)),
    );
  }

  /** What holds while nobody writes: the positions from `first` on are there, the others are not. */
  static quiet(first: number): Expectation {
    return new Expectation({ writing: "remove", from: first, to: first, writers: 1 }, [0]);
  }

  of(position: number): Certainty {
    const { writing, from, to, writers } = this.#span;
    // Earlier steps wrote the positions before the span; nobody has written those after it.
    if (position < from) return writing === "insert" ? "there" : "absent";
    if (position >= to) return writing === "insert" ? "absent" : "there";
    const offset = position - from;
    const isDone = Math.floor(offset / writers) < this.#done[offset % writers]!;
    if (!isDone) return "unknown";
    return writing === "insert" ? "there" : "absent";
  }
}
