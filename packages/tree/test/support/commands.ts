// The tree and the sorted array do the same, command by command; each answer is compared.
import fc from "fast-check";
import { key, range } from "./arbitraries.ts";
import { show } from "./bytes.ts";
import {
  type Entry,
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

/** @param run gets its own text, for messages */
function command(
  text: string,
  run: (oracle: Oracle, tree: TreeInstance, text: string) => void,
): Command {
  return {
    check: () => true,
    run: (oracle, tree) => run(oracle, tree, text),
    toString: () => text,
  };
}

function setCommand(key: Key, value: number): Command {
  return command(`set ${show(key)} ${value}`, (oracle, tree, text) => {
    const before = oracle.set(key, value);
    const outcome = tree.set(key, value);
    expectSame(text, outcome, before === undefined ? INSERTED : REPLACED);
    if (before !== undefined) expectSame(`${text}: the word before`, tree.found(), before);
  });
}

function replaceCommand(key: Key, value: number): Command {
  return command(`replace ${show(key)} ${value}`, (oracle, tree, text) => {
    const before = oracle.get(key);
    if (before !== undefined) oracle.set(key, value);
    expectSame(text, tree.replace(key, value), before);
  });
}

function insertCommand(key: Key, value: number): Command {
  return command(`insert ${show(key)} ${value}`, (oracle, tree, text) => {
    const before = oracle.get(key);
    if (before === undefined) oracle.set(key, value);
    const outcome = tree.insert(key, value);
    expectSame(text, outcome, before === undefined ? INSERTED : REFUSED);
    if (before !== undefined) expectSame(`${text}: the word that is there`, tree.found(), before);
  });
}

function addCommand(key: Key, value: number): Command {
  return command(`add ${show(key)} ${value}`, (oracle, tree, text) => {
    const before = oracle.get(key) ?? 0;
    // Sums stay below 2^53.
    const delta = before < 2 ** 52 ? value : 1;
    oracle.set(key, before + delta);
    expectSame(text, tree.add(key, delta), before + delta);
  });
}

/** Compares with the value that is there, or with another, and then sets or removes. */
function compareCommand(key: Key, other: number | undefined, next: number | undefined): Command {
  const what = `compare ${show(key)} with ${other ?? "its value"}, for ${next ?? "none"}`;
  return command(what, (oracle, tree, text) => {
    const before = oracle.get(key);
    const expected = other ?? before ?? 1;
    const done = before === expected;
    if (done && next !== undefined) oracle.set(key, next);
    if (done && next === undefined) oracle.remove(key);
    expectSame(text, tree.compare(key, expected, next), done);
  });
}

function removeCommand(key: Key): Command {
  return command(`remove ${show(key)}`, (oracle, tree, text) => {
    const before = oracle.remove(key);
    expectSame(text, tree.remove(key), before !== undefined);
    if (before !== undefined) expectSame(`${text}: the word removed`, tree.found(), before);
  });
}

function getCommand(key: Key): Command {
  return command(`get ${show(key)}`, (oracle, tree, text) => {
    const expected = oracle.get(key);
    expectSame(text, tree.get(key), expected);
    expectSame(`has ${show(key)}`, tree.has(key), expected !== undefined);
  });
}

function findManyCommand(keys: readonly Key[]): Command {
  return command(`find ${keys.map(show).join(" ")}`, (oracle, tree, text) => {
    const found = tree.findMany(keys);
    for (const [index, key] of keys.entries()) {
      expectSame(`${text}: number ${index}`, found[index], oracle.get(key));
    }
  });
}

function putManyCommand(entries: readonly Entry[]): Command {
  const what = entries.map(([key, value]) => `${show(key)} ${value}`).join(", ");
  return command(`put ${what}`, (oracle, tree, text) => {
    for (const [key, value] of entries) oracle.set(key, value);
    expectSame(text, tree.putMany(entries), entries.length);
  });
}

function removeManyCommand(keys: readonly Key[]): Command {
  return command(`remove ${keys.map(show).join(" ")}`, (oracle, tree, text) => {
    const there = keys.filter((key) => oracle.remove(key) !== undefined);
    expectSame(text, tree.removeMany(keys), there.length);
  });
}

function scanCommand(range: Range, batch: number): Command {
  const { start, startInclusive, end, endInclusive, reverse } = range;
  const from = start === undefined ? "" : `${startInclusive ? "[" : "("}${show(start)}`;
  const to = end === undefined ? "" : `${show(end)}${endInclusive ? "]" : ")"}`;
  const what = `scan ${reverse ? "in reverse " : ""}${from} .. ${to} by ${batch}`;
  return command(what, (oracle, tree, text) => {
    const expected = oracle.range(range);
    expectEntries(tree.scan(range, batch), expected);
    const most = batch * 3;
    const { count, last } = tree.count(range, most);
    expectSame(`${text}: the count`, count, Math.min(expected.length, most));
    expectSame(`${text}: the whole count`, tree.count(range, 2 ** 31).count, expected.length);
    if (count === most)
      expectSame(`${text}: the last key`, show(last), show(expected[count - 1]![0]));
  });
}

function clearCommand(range: Range): Command {
  const forward = { ...range, reverse: false };
  const { start, startInclusive, end, endInclusive } = forward;
  const from = start === undefined ? "" : `${startInclusive ? "[" : "("}${show(start)}`;
  const to = end === undefined ? "" : `${show(end)}${endInclusive ? "]" : ")"}`;
  return command(`clear ${from} .. ${to}`, (oracle, tree, text) => {
    const gone = oracle.range(forward);
    for (const [key] of gone) oracle.remove(key);
    expectSame(text, tree.clearRange(forward), gone.length);
    tree.verify();
  });
}

/** What takes no key: clearing, working off what is due, checking. */
function wholeCommand(what: "clear" | "quiesce" | "verify"): Command {
  return command(what, (oracle, tree) => {
    if (what === "clear") {
      oracle.clear();
      tree.exports.clear();
    } else if (what === "quiesce") {
      expectSame("quiesce", tree.exports.quiesce(), 1);
    }
    tree.verify();
    expectSame("the size", tree.size, oracle.entries.length);
  });
}

const whole: fc.Arbitrary<Command> = fc
  .constantFrom("quiesce", "verify", "verify", "clear")
  .map(wholeCommand);

/** Of more keys than go down together. */
const some = { maxLength: 40, size: "max" } as const;

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
        { weight: 12, arbitrary: fc.tuple(pooled, value).map(([k, v]) => setCommand(k, v)) },
        { weight: 3, arbitrary: fc.tuple(pooled, value).map(([k, v]) => replaceCommand(k, v)) },
        { weight: 3, arbitrary: fc.tuple(pooled, value).map(([k, v]) => insertCommand(k, v)) },
        {
          weight: 4,
          arbitrary: fc
            .tuple(pooled, fc.option(value, { freq: 1, nil: undefined }), fc.option(value))
            .map(([k, other, next]) => compareCommand(k, other, next ?? undefined)),
        },
        {
          weight: 3,
          arbitrary: fc.tuple(pooled, fc.nat(1000)).map(([k, v]) => addCommand(k, v)),
        },
        { weight: 8, arbitrary: pooled.map((k) => removeCommand(k)) },
        { weight: 2, arbitrary: fc.oneof(pooled, key).map((k) => getCommand(k)) },
        {
          weight: 2,
          arbitrary: fc.array(fc.oneof(pooled, key), some).map((all) => findManyCommand(all)),
        },
        {
          weight: 1,
          arbitrary: fc.array(fc.tuple(pooled, value), some).map((all) => putManyCommand(all)),
        },
        { weight: 1, arbitrary: fc.array(pooled, some).map((all) => removeManyCommand(all)) },
        {
          weight: 3,
          arbitrary: fc
            .tuple(pooledRange, fc.constantFrom(1, 2, 3, 7, 64))
            .map(([r, batch]) => scanCommand(r, batch)),
        },
        { weight: 1, arbitrary: pooledRange.map((r) => clearCommand(r)) },
        { weight: 1, arbitrary: whole },
      ) as fc.Arbitrary<Command>,
      { maxLength: most, size: "max" },
    );
  });
}
