// The tree and the sorted array do the same, command by command; each answer is compared.
import fc from "fast-check";
import { key, range } from "./arbitraries.ts";
import { show } from "./bytes.ts";
import {
  INSERTED,
  type Key,
  type Range,
  REFUSED,
  REPLACED,
  type TreeInstance,
} from "./instance.ts";
import { expectEntries, type Oracle } from "./oracle.ts";

type Command = fc.Command<Oracle, TreeInstance>;

function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what} gave ${actual}, expected ${expected}`);
}

class SetCommand implements Command {
  readonly key: Key;
  readonly value: number;

  constructor(key: Key, value: number) {
    this.key = key;
    this.value = value;
  }

  check(): boolean {
    return true;
  }

  run(oracle: Oracle, tree: TreeInstance): void {
    const before = oracle.set(this.key, this.value);
    const outcome = tree.set(this.key, this.value);
    expectSame(`${this}`, outcome, before === undefined ? INSERTED : REPLACED);
    if (before !== undefined) expectSame(`${this}: the word before`, tree.found(), before);
  }

  toString(): string {
    return `set ${show(this.key)} ${this.value}`;
  }
}

class ReplaceCommand implements Command {
  readonly key: Key;
  readonly value: number;

  constructor(key: Key, value: number) {
    this.key = key;
    this.value = value;
  }

  check(): boolean {
    return true;
  }

  run(oracle: Oracle, tree: TreeInstance): void {
    const before = oracle.get(this.key);
    if (before !== undefined) oracle.set(this.key, this.value);
    expectSame(`${this}`, tree.replace(this.key, this.value), before);
  }

  toString(): string {
    return `replace ${show(this.key)} ${this.value}`;
  }
}

class InsertCommand implements Command {
  readonly key: Key;
  readonly value: number;

  constructor(key: Key, value: number) {
    this.key = key;
    this.value = value;
  }

  check(): boolean {
    return true;
  }

  run(oracle: Oracle, tree: TreeInstance): void {
    const before = oracle.get(this.key);
    if (before === undefined) oracle.set(this.key, this.value);
    const outcome = tree.insert(this.key, this.value);
    expectSame(`${this}`, outcome, before === undefined ? INSERTED : REFUSED);
    if (before !== undefined) expectSame(`${this}: the word that is there`, tree.found(), before);
  }

  toString(): string {
    return `insert ${show(this.key)} ${this.value}`;
  }
}

class AddCommand implements Command {
  readonly key: Key;
  readonly value: number;

  constructor(key: Key, value: number) {
    this.key = key;
    this.value = value;
  }

  check(): boolean {
    return true;
  }

  run(oracle: Oracle, tree: TreeInstance): void {
    const before = oracle.get(this.key) ?? 0;
    // Sums stay below 2^53.
    const delta = before < 2 ** 52 ? this.value : 1;
    oracle.set(this.key, before + delta);
    expectSame(`${this}`, tree.add(this.key, delta), before + delta);
  }

  toString(): string {
    return `add ${show(this.key)} ${this.value}`;
  }
}

/** Compares with the value that is there, or with another, and then sets or removes. */
class CompareCommand implements Command {
  readonly key: Key;
  readonly other: number | undefined;
  readonly next: number | undefined;

  constructor(key: Key, other: number | undefined, next: number | undefined) {
    this.key = key;
    this.other = other;
    this.next = next;
  }

  check(): boolean {
    return true;
  }

  run(oracle: Oracle, tree: TreeInstance): void {
    const before = oracle.get(this.key);
    const expected = this.other ?? before ?? 1;
    const done = before === expected;
    if (done && this.next !== undefined) oracle.set(this.key, this.next);
    if (done && this.next === undefined) oracle.remove(this.key);
    expectSame(`${this}`, tree.compare(this.key, expected, this.next), done);
  }

  toString(): string {
    return `compare ${show(this.key)} with ${this.other ?? "its value"}, for ${this.next ?? "none"}`;
  }
}

class RemoveCommand implements Command {
  readonly key: Key;

  constructor(key: Key) {
    this.key = key;
  }

  check(): boolean {
    return true;
  }

  run(oracle: Oracle, tree: TreeInstance): void {
    const before = oracle.remove(this.key);
    expectSame(`${this}`, tree.remove(this.key), before !== undefined);
    if (before !== undefined) expectSame(`${this}: the word removed`, tree.found(), before);
  }

  toString(): string {
    return `remove ${show(this.key)}`;
  }
}

class GetCommand implements Command {
  readonly key: Key;

  constructor(key: Key) {
    this.key = key;
  }

  check(): boolean {
    return true;
  }

  run(oracle: Oracle, tree: TreeInstance): void {
    const expected = oracle.get(this.key);
    expectSame(`${this}`, tree.get(this.key), expected);
    expectSame(`has ${show(this.key)}`, tree.has(this.key), expected !== undefined);
  }

  toString(): string {
    return `get ${show(this.key)}`;
  }
}

class ScanCommand implements Command {
  readonly range: Range;
  readonly batch: number;

  constructor(range: Range, batch: number) {
    this.range = range;
    this.batch = batch;
  }

  check(): boolean {
    return true;
  }

  run(oracle: Oracle, tree: TreeInstance): void {
    const expected = oracle.range(this.range);
    expectEntries(tree.scan(this.range, this.batch), expected);
    const most = this.batch * 3;
    const { count, last } = tree.count(this.range, most);
    expectSame(`${this}: the count`, count, Math.min(expected.length, most));
    if (count > 0) expectSame(`${this}: the last key`, show(last), show(expected[count - 1]![0]));
  }

  toString(): string {
    const { start, startInclusive, end, endInclusive, reverse } = this.range;
    const from = start === undefined ? "" : `${startInclusive ? "[" : "("}${show(start)}`;
    const to = end === undefined ? "" : `${show(end)}${endInclusive ? "]" : ")"}`;
    return `scan ${reverse ? "in reverse " : ""}${from} .. ${to} by ${this.batch}`;
  }
}

/** What takes no key: clearing, working off what is due, checking. */
class WholeCommand implements Command {
  readonly what: "clear" | "quiesce" | "verify";

  constructor(what: "clear" | "quiesce" | "verify") {
    this.what = what;
  }

  check(): boolean {
    return true;
  }

  run(oracle: Oracle, tree: TreeInstance): void {
    if (this.what === "clear") {
      oracle.clear();
      tree.exports.clear();
    } else if (this.what === "quiesce") {
      expectSame("quiesce", tree.exports.quiesce(), 1);
    }
    tree.verify();
    expectSame("the size", tree.size, oracle.entries.length);
  }

  toString(): string {
    return this.what;
  }
}

const whole: fc.Arbitrary<Command> = fc
  .constantFrom("quiesce", "verify", "verify", "clear")
  .map((what) => new WholeCommand(what as "clear"));

/** A sequence of up to `most` commands. All keys come from a pool that is drawn first, so that they meet. */
export function commands(most: number): fc.Arbitrary<Command[]> {
  return fc.array(key, { minLength: 1, maxLength: 60, size: "max" }).chain((pool) => {
    const pooled = fc.constantFrom(...pool);
    const value = fc.nat(2 ** 31 - 1).map((high) => high * 2 ** 22);
    const bound = fc.option(fc.oneof(pooled, key), { nil: undefined });
    const pooledRange = range.chain((one) =>
      fc.record({ start: bound, end: bound }).map((bounds) => ({ ...one, ...bounds })),
    );
    return fc.array(
      fc.oneof(
        { weight: 12, arbitrary: fc.tuple(pooled, value).map(([k, v]) => new SetCommand(k, v)) },
        { weight: 3, arbitrary: fc.tuple(pooled, value).map(([k, v]) => new ReplaceCommand(k, v)) },
        { weight: 3, arbitrary: fc.tuple(pooled, value).map(([k, v]) => new InsertCommand(k, v)) },
        {
          weight: 4,
          arbitrary: fc
            .tuple(pooled, fc.option(value, { freq: 1, nil: undefined }), fc.option(value))
            .map(([k, other, next]) => new CompareCommand(k, other, next ?? undefined)),
        },
        {
          weight: 3,
          arbitrary: fc.tuple(pooled, fc.nat(1000)).map(([k, v]) => new AddCommand(k, v)),
        },
        { weight: 8, arbitrary: pooled.map((k) => new RemoveCommand(k)) },
        { weight: 2, arbitrary: fc.oneof(pooled, key).map((k) => new GetCommand(k)) },
        {
          weight: 3,
          arbitrary: fc
            .tuple(pooledRange, fc.constantFrom(1, 2, 3, 7, 64))
            .map(([r, batch]) => new ScanCommand(r, batch)),
        },
        { weight: 1, arbitrary: whole },
      ) as fc.Arbitrary<Command>,
      { maxLength: most, size: "max" },
    );
  });
}
