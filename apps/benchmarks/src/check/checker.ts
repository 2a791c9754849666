// Compares a map's answers with what is known, and reports the first difference.
import { Difference } from "../failure.ts";
import { excerpt } from "../format.ts";
import type { KeyTable } from "../keys/packed.ts";
import type { Subject } from "../maps/contract.ts";
import type { Certainty, Expectation } from "./expectation.ts";

/** The input and what is known about it. The same in every thread. */
export interface Known {
  readonly keys: KeyTable;
  /** Key numbers in the order in which steps write them. */
  readonly order: Uint32Array;
  /** The position of each key number in `order`. */
  readonly position: Uint32Array;
  /** Key numbers in byte order. */
  readonly sorted: Uint32Array;
}

export class Checker {
  readonly #known: Known;
  readonly #subject: Subject;
  readonly #where: string;

  /** @param where the map, step and thread, which start the message of a difference */
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
      const wanted = found === undefined ? this.#valueOf(i) : "nothing: the key was removed";
      this.fail(`get(${this.#key(i)}) returned ${excerpt(found)} instead of ${wanted}`);
    }
  }

  /**
   * Checks a scan. It must yield keys of `selected` in that order, each with its value: all keys that
   * must be there, no key that must be absent, and nothing else.
   *
   * @param selected key numbers in the order of the scan
   * @param limit the most entries that the scan was asked for
   * @returns how many entries the scan yielded
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
      if (seen === limit) this.fail(`${what} yielded more than ${limit} entries`);
      for (;;) {
        const next = wanted.next();
        if (next.done) this.unexpected(what, key, seen);
        const i = next.value as number;
        const certainty = expected.of(position[i]!);
        if (keys.text(i) === key) {
          if (certainty === "absent")
            this.fail(`${what} yielded ${excerpt(key)}, which was removed`);
          this.found(i, value, certainty);
          break;
        }
        // The scan left this key out. It may, unless the key must be there.
        if (certainty === "there") {
          this.fail(`${what} yielded ${excerpt(key)} as entry ${seen} instead of ${this.#key(i)}`);
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

  /** Checks that two values are equal. */
  equal(what: string, found: unknown, wanted: unknown): void {
    if (found !== wanted) {
      this.fail(`${what} was ${excerpt(found)} instead of ${excerpt(wanted)}`);
    }
  }

  wrongValue(i: number, found: unknown): never {
    this.fail(`${this.#key(i)} has the value ${excerpt(found)} instead of ${this.#valueOf(i)}`);
  }

  unexpected(what: string, key: string, seen: number): never {
    this.fail(`${what} yielded ${excerpt(key)} as entry ${seen}: out of order, or never inserted`);
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
