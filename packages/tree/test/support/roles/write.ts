import { show } from "../bytes.ts";
import { type Family, families, shuffled } from "../families.ts";
import { FULL, INSERTED, type Key, REPLACED, TreeInstance } from "../instance.ts";
import type { Context, Report } from "../roles.ts";
import { must, wordOf } from "../values.ts";

/** The numbers below count that are this thread's among the first `writers` threads. */
function share(thread: number, writers: number, count: number, random: () => number): number[] {
  return shuffled(Math.ceil((count - thread) / writers), random).map((i) => thread + i * writers);
}

/** Inserts its share of keys 0 to count - 1 in a random order. Each is new. */
export function fill(
  { tree, thread, shared, random, start }: Context,
  { family, count, writers }: { family: Family; count: number; writers: number },
): Report {
  const entries: [number, number][] = [];
  start();
  for (const index of share(thread, writers, count, random)) {
    if (shared.stopped) break;
    const key = families[family](index);
    const value = wordOf(index, thread);
    must(tree.set(key, value) === INSERTED, () => `${show(key)} was there already`);
    must(tree.get(key) === value, () => `${show(key)} was inserted and is not there`);
    entries.push([index, value]);
  }
  return { operations: 2 * entries.length, entries };
}

/** Removes its share of keys 0 to count - 1 in a random order. Each is there. */
export function removeAll(
  { tree, thread, shared, random, start }: Context,
  { family, count, writers }: { family: Family; count: number; writers: number },
): Report {
  let operations = 0;
  start();
  for (const index of share(thread, writers, count, random)) {
    if (shared.stopped) break;
    const key = families[family](index);
    must(tree.remove(key), () => `${show(key)} was not there`);
    must(tree.get(key) === undefined, () => `${show(key)} was removed and is there`);
    operations += 2;
  }
  return { operations, entries: [] };
}

/**
 * Rounds of so many inserts of keys of its own, each new, and so many removes of keys drawn from all that
 * it has: the map grows by the difference, and is thinned out everywhere.
 */
export function grow(
  { tree, thread, threads, shared, random, start }: Context,
  options: { family: Family; rounds: number; inserts: number; removes: number },
): Report {
  const { family, rounds, inserts, removes } = options;
  const held: number[] = [];
  const value = (index: number) => wordOf(index, thread);
  start();
  for (let round = 0; round < rounds && !shared.stopped; round++) {
    for (let i = 0; i < inserts; i++) {
      const index = (round * inserts + i) * threads + thread;
      const key = families[family](index);
      must(tree.set(key, value(index)) === INSERTED, () => `${show(key)} was there already`);
      must(tree.get(key) === value(index), () => `${show(key)} was inserted and is not there`);
      held.push(index);
    }
    for (let i = 0; i < removes; i++) {
      const [index] = held.splice(Math.floor(random() * held.length), 1) as [number];
      const key = families[family](index);
      const [first] = tree.scan({ start: key, startInclusive: true }, 1, 1);
      const here = first !== undefined && Buffer.compare(first[0], key) === 0;
      must(here && first[1] === value(index), () => `a scan from ${show(key)} does not give it`);
      must(tree.remove(key), () => `${show(key)} was not there`);
      must(tree.found() === value(index), () => `${show(key)} had ${tree.found()}`);
      must(!tree.has(key), () => `${show(key)} was removed and is there`);
    }
  }
  const entries = held.map((index): [number, number] => [index, value(index)]);
  return { operations: rounds * (2 * inserts + 3 * removes), entries };
}

/**
 * Inserts runs of keys between the base keys (every `stride`th) and removes them again, its own ones
 * only: those whose run is this thread's turn.
 */
export function toggle(
  { tree, thread, shared, random, start }: Context,
  options: { family: Family; count: number; stride: number; writers: number; rounds: number },
): Report {
  const { family, count, stride, writers, rounds } = options;
  start();
  const gaps = Math.floor(count / stride);
  let operations = 0;
  for (let round = 0; round < rounds && !shared.stopped; round++) {
    const gap = Math.floor((random() * gaps) / writers) * writers + thread;
    if (gap >= gaps) continue;
    const run = Array.from({ length: stride - 1 }, (_, i) => gap * stride + 1 + i);
    if (random() < 0.3) run.reverse();
    for (const index of run) {
      const key = families[family](index);
      must(
        tree.set(key, wordOf(index, thread, round)) === INSERTED,
        () => `${show(key)} was there`,
      );
    }
    for (const index of run) {
      const key = families[family](index);
      must(tree.get(key) === wordOf(index, thread, round), () => `${show(key)} has another value`);
      must(tree.remove(key), () => `${show(key)} was not there`);
    }
    operations += 3 * run.length;
  }
  return { operations, entries: [] };
}

/** Has one of two keys at a time: removes the one, inserts the other, over and over; none in the end. */
export function swap(
  { tree, thread, shared, start }: Context,
  { family, pair, rounds }: { family: Family; pair: [number, number]; rounds: number },
): Report {
  const keys = pair.map((index) => families[family](index));
  start();
  for (let round = 0; round < rounds && !shared.stopped; round++) {
    const [now, other] = round % 2 === 0 ? [0, 1] : [1, 0];
    const index = pair[now] as number;
    const removed = tree.remove(keys[other] as Key);
    must(removed === round > 0, () => `key ${pair[other]} was ${removed ? "" : "not "}there`);
    const outcome = tree.set(keys[now] as Key, wordOf(index, thread, round));
    must(outcome === INSERTED, () => `key ${index} was there`);
  }
  for (const key of keys) tree.remove(key);
  return { operations: 3 * rounds, entries: [] };
}

/**
 * `logical` participants in one thread, taking turns: each inserts keys that only it has, and removes
 * every third at once.
 */
export function crowd(
  { tree, thread, shared, start }: Context,
  { logical, each }: { logical: number; each: number },
): Report {
  const members = Array.from({ length: logical }, (_, i) =>
    i === 0 ? tree : new TreeInstance(tree.module, tree.memory),
  );
  start();
  const entries: [number, number][] = [];
  for (let turn = 0; turn < each && !shared.stopped; turn++) {
    for (const [i, member] of members.entries()) {
      const index = (thread * logical + i) * each + turn;
      const key = families.binary(index);
      must(member.set(key, wordOf(index)) === INSERTED, () => `${show(key)} was there already`);
      must(member.get(key) === wordOf(index), () => `${show(key)} is not there`);
      if (index % 3 !== 0) entries.push([index, wordOf(index)]);
      else must(member.remove(key), () => `${show(key)} was not there`);
    }
  }
  for (const member of members.slice(1)) member.detach();
  return { operations: 3 * each * logical, entries };
}

/**
 * Writes keys of its own until memory is full, and on: a write that is refused has changed nothing.
 * `counts[0]`: how often it was refused.
 */
export function press(
  { tree, thread, threads, shared, random, start }: Context,
  { keys, operations }: { keys: number; operations: number },
): Report {
  const model = new Map<number, number>();
  let refused = 0;
  start();
  for (let i = 1; i <= operations && !shared.stopped; i++) {
    const index = Math.floor(random() * keys) * threads + thread;
    const key = families.suffixes(index);
    const before = model.get(index);
    if (random() < 0.25) {
      must(tree.remove(key) === (before !== undefined), () => `remove ${show(key)}: ${before}`);
      model.delete(index);
    } else {
      const value = wordOf(index, thread, i);
      const outcome = tree.set(key, value);
      if (outcome === FULL) refused++;
      else {
        const expected = before === undefined ? INSERTED : REPLACED;
        must(outcome === expected, () => `set ${show(key)} answered ${outcome}`);
        model.set(index, value);
      }
    }
    must(tree.get(key) === model.get(index), () => `${show(key)} is not ${model.get(index)}`);
  }
  return { operations: 2 * operations, entries: [...model], counts: [refused] };
}
