// What ECMAScript's set methods ask of their argument: GetSetRecord and what follows from it
// (https://tc39.es/ecma262/#sec-getsetrecord).

/** What set methods take: a `Set`, a `Map`, a `MassTreeSet`, or anything with these three. */
export interface SetLike<T> {
  readonly size: number;
  has(value: T): boolean;
  keys(): Iterator<T>;
}

/** A set-like argument, whose members were read once each, in this order. */
export class SetRecord<T> {
  readonly size: number;
  readonly #set: object;
  readonly #has: (value: T) => unknown;
  readonly #keys: () => unknown;

  /** @throws TypeError or RangeError, as the specification says; what a getter throws */
  constructor(other: unknown) {
    if (typeof other !== "object" && typeof other !== "function") throw notSetLike("an object");
    if (other === null) throw notSetLike("an object");
    const set = other as { size: unknown; has: unknown; keys: unknown };
    const size = Number(set.size);
    if (Number.isNaN(size)) throw notSetLike("a 'size' that is a number");
    if (Math.trunc(size) < 0) throw new RangeError("The 'size' of a set is not negative.");
    const { has } = set;
    if (typeof has !== "function") throw notSetLike("a function 'has'");
    const { keys } = set;
    if (typeof keys !== "function") throw notSetLike("a function 'keys'");
    this.size = Math.trunc(size);
    this.#set = set;
    this.#has = has as (value: T) => unknown;
    this.#keys = keys as () => unknown;
  }

  has(value: T): boolean {
    return Boolean(this.#has.call(this.#set, value));
  }

  /** Its members. Leaving the loop early calls `return`. */
  *members(): Generator<T, void> {
    const iterator: unknown = this.#keys.call(this.#set);
    if (typeof iterator !== "object" || iterator === null) {
      throw new TypeError("'keys' of a set must return an iterator.");
    }
    const { next } = iterator as { next: () => unknown };
    let ended = false;
    try {
      while (true) {
        ended = true;
        const step = next.call(iterator) as IteratorResult<T>;
        if (typeof step !== "object" || step === null) {
          throw new TypeError("An iterator must return objects.");
        }
        if (step.done) return;
        const { value } = step;
        // From here on, leaving is the caller's doing.
        ended = false;
        yield value;
      }
    } finally {
      if (!ended) (iterator as Iterator<T>).return?.();
    }
  }
}

function notSetLike(needed: string): TypeError {
  return new TypeError(`This takes a set, or an object like one, which has ${needed}.`);
}
