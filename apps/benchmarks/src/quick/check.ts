// Holds what a map answers against what is known, and says where they first differ.
import { Difference } from "../failure.ts";
import { excerpt } from "../format.ts";
import type { KeyTable } from "../keys/packed.ts";
import type { Subject } from "../maps/contract.ts";
import type { Certainty, Expectation } from "./expectation.ts";

/** The input and what is known of it; the same in every thread. */
export interface Known {
  readonly keys: KeyTable;
  /** Key numbers in the order in which steps write them. */
  readonly order: Uint32Array;
  /** Where in `order` a key number stands. */
  readonly position: Uint32Array;
  /** Key numbers in byte order. */
  readonly sorted: Uint32Array;
}

export class Checker {
  readonly #known: Known;
  readonly #subject: Subject;
  readonly #where: string;

  /** @param where names the map, step and thread in the first words of a difference */
  constructor(known: Known, subject: Subject, where: string) {
    this.#known = known;
    this.#subject = subject;
    this.#where = where;
  }

  /** Checks what a `get` of key number `i` returned. */
  found(i: number, found: unknown, certainty: Certainty): void {
    const byteLength = this.#known.keys.byteLength(i);
    if (found !== undefined && certainty !== "absent") {
      if (!this.#subject.isValue(found, i, byteLength)) this.wrongValue(i, found);
    } else if (found === undefined ? certainty === "there" : certainty === "absent") {
      const wanted = found === undefined ? this.#valueOf(i) : "nothing, it was removed";
      this.fail(`get(${this.#key(i)}) gave ${excerpt(found)} instead of ${wanted}`);
    }
  }

  /**
   * Checks a scan: the keys of `selected` in that order, those that must be there all there, those
   * that must not be there absent, each with its value, and nothing else.
   *
   * @param selected key numbers in the order of the scan
   * @param limit the scan was asked for at most this many entries
   * @returns how many entries the scan gave
   */
  scan(
    what: string,
    entries: Iterable<readonly [string, unknown]>,
    selected: Iterable<number>,
    expected: Expectation,
    limit: number = Number.POSITIVE_INFINITY,
  ): number {
    const { keys, position } = this.#known;
    const wanted = selected[Symbol.iterator]();
    let seen = 0;
    for (const [key, value] of entries) {
      if (seen === limit) this.fail(`${what} gave more than ${limit} entries`);
      for (;;) {
        const next = wanted.next();
        if (next.done) this.unexpected(what, key, seen);
        const i = next.value as number;
        const certainty = expected.of(position[i]!);
        if (keys.text(i) === key) {
          if (certainty === "absent") this.fail(`${what} gave ${excerpt(key)}, which was removed`);
          this.found(i, value, certainty);
          break;
        }
        // A key between two others that the scan left out.
        if (certainty === "there") {
          this.fail(`${what} gave ${excerpt(key)} as entry ${seen} instead of ${this.#key(i)}`);
        }
      }
      seen++;
    }
    if (seen === limit) return seen;
    for (let next = wanted.next(); !next.done; next = wanted.next()) {
      if (expected.of(position[next.value]!) === "there") {
        this.fail(`${what} ended after ${seen} entries, before ${this.#key(next.value)}`);
      }
    }
    return seen;
  }

  /** Checks a plain comparison. */
  equal(what: string, found: unknown, wanted: unknown): void {
    if (found !== wanted) {
      this.fail(`${what} was ${excerpt(found)} instead of ${excerpt(wanted)}`);
    }
  }

  wrongValue(i: number, found: unknown): never {
    this.fail(`${this.#key(i)} has the value ${excerpt(found)} instead of ${this.#valueOf(i)}`);
  }

  unexpected(what: string, key: string, seen: number): never {
    this.fail(`${what} gave ${excerpt(key)} as entry ${seen}, out of order or never put in`);
  }

  fail(message: string): never {
    throw new Difference(`${this.#where}: ${message}`);
  }

  #key(i: number): string {
    return excerpt(this.#known.keys.text(i));
  }

  #valueOf(i: number): string {
    return excerpt(this.#subject.value(i, this.#known.keys.byteLength(i)));
  }
}
