// What the programs of this folder have in common. In each, threads end again and again while they use maps that
// others go on with, in a process that cannot read /proc: as on macOS and Windows, Linux does not tell who has ended.
import assert from "node:assert/strict";
import fs from "node:fs";
import { threadId, Worker } from "node:worker_threads";

/** Byte offset of the region's lock, whose lowest bits name who holds it (@masstree/memory, header.ts). */
const LOCK = 128;
const OWNER = 0x3ffn;

/** Milliseconds until a thread that does not go on counts as stuck. */
const PATIENCE = 20_000;

const started = Date.now();

/** How many rounds there are to be. */
export const rounds = Number(process.env.ROUNDS ?? 300);

// Every thread of the program loads this, before it opens a map.
if (process.env.WITHOUT_SENTINELS) Reflect.deleteProperty(Atomics, "waitAsync");

/** Fails where Linux can be asked who has ended, unless the program is told that it may be. */
export function checkThatProcIsAway(map) {
  if (process.env.WITH_PROC) return;
  assert.throws(() => fs.readlinkSync("/proc/thread-self"), { code: /ERR_ACCESS_DENIED|ENOENT/ });
  const { exports } = map.tree;
  assert.equal(exports.osThreadOf(exports.participantNumber()), 0);
}

/** Has the region's lock be one's that is about to end: as if it ended right after it had taken it. */
export function giveRegionLockTo(memory, number) {
  const words = new BigUint64Array(memory.buffer, 0, 32);
  for (;;) {
    const word = Atomics.load(words, LOCK / 8);
    if ((word & OWNER) !== 0n) continue;
    if (Atomics.compareExchange(words, LOCK / 8, word, word | BigInt(number)) === word) return;
  }
}

/** Inserts and removes enough keys to need the region's lock. */
export function work(map, prefix) {
  for (let i = 0; i < 400; i++) map.set(`${prefix} ${i}`, BigInt(i));
  for (let i = 0; i < 400; i++) assert.equal(map.delete(`${prefix} ${i}`), true);
}

/** The numbers of those that have the map open. */
export function participants(map) {
  return map.stats().participants.map(({ number }) => number);
}

/**
 * What a thread does that will be ended: opens all maps, says so, and once it is told to, writes until it is no more.
 *
 * @param words its own: at 0 it says 1, and is told 2
 */
export function writeUntilEnded(maps, words) {
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  Atomics.wait(words, 0, 1);
  for (let i = 0; ; i++) maps[i % maps.length].set(`k ${threadId} ${i % 100}`, BigInt(i));
}

/**
 * Once such a thread has opened its maps: lets it write for a moment, and then has it hold the region's lock of every other
 * map.
 *
 * @param number its number in a map
 */
export async function untilItWrites(words, maps, number) {
  while (Atomics.load(words, 0) === 0) await sleep(2);
  writesNow(words, maps, number);
}

/** The same in one job. */
export function writesNow(words, maps, number) {
  Atomics.wait(words, 0, 0);
  Atomics.store(words, 0, 2);
  Atomics.notify(words, 0);
  Atomics.wait(sharedWords(1), 0, 0, Math.random() * 3);
  maps.forEach((map, index) => {
    if (index % 2 === 0) giveRegionLockTo(map.handle.memory, number(map));
  });
}

export function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Shared words, by which threads tell each other how far they are. */
export function sharedWords(count) {
  return new Int32Array(new SharedArrayBuffer(4 * count));
}

/**
 * Ends threads one after the other, in lanes that run side by side. Each thread has several maps open: a round is the end
 * of one thread for one map.
 *
 * @param endOne ends one thread, and returns how long the others took to go on after that, in milliseconds, for each map
 */
export async function run(lanes, endOne) {
  const times = [];
  const watch = new Watchdog();
  const runLane = async (lane) => {
    while (times.length < rounds) {
      watch.step = `round ${times.length} of ${rounds}`;
      times.push(...(await endOne(lane)));
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
  await watch.stop();
  return summary(times);
}

export function summary(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return { rounds: times.length, median: sorted[times.length >> 1], longest: sorted.at(-1) };
}

/** Prints what the test asks for. */
export function report(result) {
  fs.writeSync(1, `${JSON.stringify({ ...result, took: Date.now() - started })}\n`);
}

const watchdog = `
const { workerData: { words, patience } } = require("node:worker_threads");
for (let seen = 0; Atomics.load(words, 1) === 0; seen = Atomics.load(words, 0)) {
  if (Atomics.wait(words, 0, seen, patience) !== "timed-out" || Atomics.load(words, 1) !== 0) continue;
  const text = String.fromCharCode(...words.subarray(3, 3 + words[2]));
  require("node:fs").writeSync(2, "STUCK for " + patience + " ms in " + text + "\\n");
  process.kill(process.pid, "SIGKILL");
}`;

/** A thread that is stuck in the map cannot complain: another ends the process, and says where it was. */
export class Watchdog {
  #words = sharedWords(256);
  #worker = new Worker(watchdog, {
    eval: true,
    workerData: { words: this.#words, patience: PATIENCE },
  });

  set step(text) {
    const words = this.#words;
    words[2] = Math.min(text.length, 250);
    for (let i = 0; i < words[2]; i++) words[3 + i] = text.charCodeAt(i);
    Atomics.add(words, 0, 1);
    Atomics.notify(words, 0);
  }

  async stop() {
    Atomics.store(this.#words, 1, 1);
    this.step = "the end";
    await this.#worker.terminate();
  }
}

/** Inserts and removes enough keys to need the region's lock; how long that took. */
export function timeOfWork(map) {
  const from = performance.now();
  work(map, "main");
  return performance.now() - from;
}
