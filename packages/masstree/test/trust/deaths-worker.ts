// A thread that writes until it is terminated, or ends by itself without a word.
import { workerData } from "node:worker_threads";
import { MassTree } from "../../src/index.ts";
import { useBuilds } from "./builds.ts";
import {
  Board,
  contendedKeyOf,
  contendedKeys,
  DELIBERATE,
  type DeathStart,
  keyOf,
} from "./death-plan.ts";
import { below, randomOf } from "./random.ts";
import { numberOf, TORN, type Value, valueFor } from "./values.ts";

const start = workerData as DeathStart;
const { handle, builds, board, keys, thread, threads, seed, ending, after } = start;
useBuilds(builds);
const { acknowledged, pending, operations } = new Board(board, keys, threads);
const random = randomOf(seed);
const map = MassTree.attach<Value>(handle);
const own = Math.floor((keys - thread + threads - 1) / threads);
const ownKeys = new Map<string, number>();
for (let i = thread; i < keys; i += threads) ownKeys.set(keyOf(i), i);
let next = 1 + below(random, 1 << 20);

function fail(what: string): never {
  throw new Error(`thread ${thread}: ${what}`);
}

/** What the key that only this thread writes must hold. */
function expectHeld(index: number, got: number): void {
  if (got === acknowledged[index]) return;
  fail(`${keyOf(index)} holds ${got}, ${acknowledged[index]} was acknowledged`);
}

function set(index: number): void {
  const v = ++next;
  Atomics.store(pending, index, v);
  try {
    map.set(keyOf(index), valueFor(v));
  } catch (error) {
    // Full: nothing has changed, which the next look at this key shows.
    if ((error as { code?: string }).code !== "MASSTREE_FULL") throw error;
    Atomics.store(pending, index, acknowledged[index]!);
    return;
  }
  Atomics.store(acknowledged, index, v);
}

function remove(index: number): void {
  Atomics.store(pending, index, 0);
  const did = map.delete(keyOf(index));
  if (did !== (acknowledged[index] !== 0)) fail(`delete of ${keyOf(index)} answered ${did}`);
  Atomics.store(acknowledged, index, 0);
}

function contend(): void {
  const key = contendedKeyOf(below(random, contendedKeys));
  const choice = random();
  if (choice < 0.3) map.delete(key);
  else if (choice < 0.6 && numberOf(map.get(key)) === TORN) fail(`a torn value at ${key}`);
  else setAnyway(key, valueFor(++next));
}

function setAnyway(key: string, value: Value): void {
  try {
    map.set(key, value);
  } catch (error) {
    if ((error as { code?: string }).code !== "MASSTREE_FULL") throw error;
  }
}

/** A scan meets all keys of this thread, which no one else writes, in order, with their values. */
function scan(): void {
  const prefix = ["", "/some/", "k", "0", "deep/"][below(random, 5)]!;
  const reverse = random() < 0.5;
  const seen = new Set<number>();
  let before: Buffer | undefined;
  for (const [key, value] of map.entries({ prefix, reverse })) {
    const bytes = Buffer.from(key);
    const order = before === undefined ? 1 : Buffer.compare(bytes, before);
    if (reverse && before !== undefined ? order >= 0 : order <= 0) fail(`${key} is out of order`);
    before = bytes;
    const number = numberOf(value);
    if (number === TORN) fail(`a torn value at ${key}`);
    const index = ownKeys.get(key);
    if (index === undefined) continue;
    expectHeld(index, number);
    seen.add(index);
  }
  for (const [key, index] of ownKeys) {
    if (!key.startsWith(prefix) || seen.has(index)) continue;
    expectHeld(index, 0);
  }
}

function operate(): void {
  const index = thread + threads * below(random, own);
  const choice = random();
  if (choice < 0.42) set(index);
  else if (choice < 0.78) remove(index);
  else if (choice < 0.85) expectHeld(index, numberOf(map.get(keyOf(index))));
  else if (choice < 0.995) contend();
  else scan();
  Atomics.add(operations, thread, 1);
}

function end(): void {
  if (ending === "throw") throw new Error(DELIBERATE);
  if (ending === "exit") process.exit(0);
  if (ending !== "exit-in-value") return;
  // In the middle of a write, and of a scan.
  const index = thread;
  Atomics.store(pending, index, acknowledged[index]!);
  for (const _ of map.entries()) map.set(keyOf(index), { toJSON: () => process.exit(0) } as never);
  map.set(keyOf(index), { toJSON: () => process.exit(0) } as never);
}

for (let i = 0; ending === "terminate" || i < after; i++) operate();
end();
