// What is measured otherwise than by repeating operations: memory, stalls of the event loop, waking another thread.
import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { now } from "../../threads/clock.ts";
import { heapBytes } from "../../threads/heap.ts";
import { createHistogram, encode, record } from "../latency.ts";
import type { PeerMap } from "../peers/peer.ts";
import type { BytesPerEntry, Stalls } from "../result.ts";
import { IN_FLIGHT } from "./loops.ts";
import { type Member, turn } from "./member.ts";

const WARM_KEYS = 2000;

/**
 * Fills a new map with keys that nobody else keeps, so that the heap grows by what the map needs, and tells what an
 * entry takes.
 */
export async function memory(member: Member): Promise<BytesPerEntry> {
  const { contents } = member;
  const { set } = contents;
  // Code that is compiled meanwhile is not the map's.
  await filled(member, Math.min(set.size, WARM_KEYS)).then((map) => map.close?.());
  const before = heapBytes();
  const map = await filled(member, set.size);
  const shared = map.sharedBytes?.() ?? 0;
  const heap = (await map.heapBytes?.()) ?? heapBytes() - before;
  await contents.check(map, 0);
  await map.close?.();
  return { heap: Math.max(0, heap) / set.size, shared: shared / set.size };
}

async function filled({ peer, contents, place }: Member, size: number): Promise<PeerMap> {
  const { reader, order } = contents;
  const map = await peer.create({ ...place, size });
  let waiting: unknown[] = [];
  for (let i = 0; i < size; i++) {
    const number = order[i]!;
    waiting.push(map.set(reader.read(number), peer.value(number)));
    if (waiting.length === IN_FLIGHT) {
      await Promise.all(waiting);
      waiting = [];
    }
  }
  await Promise.all(waiting);
  return map;
}

/** A thread that serves its event loop gives it a turn after so many milliseconds of work. */
const WORK = 1;
/** The resolution of the engine's monitor, which it counts as delay. Milliseconds. */
const RESOLUTION = 1;
const NANOSECONDS = 1e6;

/**
 * Works in slices of a millisecond with turns of the event loop between them, and tells how late the loop was. Keys are
 * made anew, as a server's are, so that there is garbage.
 *
 * @param step does one operation, and tells whether there is another
 */
async function stalled(
  step: () => unknown,
  more: (operations: number) => boolean,
): Promise<Stalls> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  let collecting = 0;
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      collecting += duration;
      longest = Math.max(longest, duration);
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  delay.enable();
  let operations = 0;
  const start = now();
  while (more(operations)) {
    const stop = now() + WORK;
    const waiting: unknown[] = [];
    do {
      const answer = step();
      if (answer instanceof Promise) waiting.push(answer);
      operations++;
    } while (more(operations) && waiting.length < IN_FLIGHT && now() < stop);
    await Promise.all(waiting);
    await turn();
  }
  const seconds = (now() - start) / 1000;
  // Entries about collections come in a later turn.
  await new Promise((resolve) => setTimeout(resolve, 2 * RESOLUTION));
  delay.disable();
  observer.disconnect();
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION);
  return {
    p50: late(delay.percentile(50)),
    p99: late(delay.percentile(99)),
    max: late(delay.max),
    collecting,
    longestCollection: longest,
    rate: operations / seconds,
  };
}

export async function fill(member: Member): Promise<Stalls> {
  const { peer, contents, place } = member;
  const { reader, order, set } = contents;
  const map = await peer.create(place);
  let next = 0;
  const step = (): unknown => {
    const number = order[next++]!;
    return map.set(reader.read(number), peer.value(number));
  };
  const stalls = await stalled(step, (operations) => operations < set.size);
  await contents.check(map, 0);
  await map.close?.();
  return stalls;
}

/** Removes and sets again, in the order in which keys were inserted, so that the oldest goes first. */
export async function churn(member: Member, milliseconds: number): Promise<Stalls> {
  const { peer, contents, map } = member;
  const { reader, order } = contents;
  const stop = now() + milliseconds;
  let next = 0;
  const step = async (number: number): Promise<void> => {
    await map.delete(reader.read(number));
    await map.set(reader.read(number), peer.value(number));
  };
  const again = (): unknown => {
    const number = order[next]!;
    next = next + 1 === order.length ? 0 : next + 1;
    if (peer.async) return step(number);
    map.delete(reader.read(number));
    return map.set(reader.read(number), peer.value(number));
  };
  return stalled(again, (operations) => operations % 64 !== 0 || now() < stop);
}

const PING = 0;
const PONG = 1;

/**
 * Two threads set a key each and wait for the other's. Every exchange has a number of its own.
 *
 * @returns microseconds for one way, and a histogram of half of each exchange, if this is the first thread
 */
export async function wake(
  member: Member,
  first: boolean,
  exchanges: number,
): Promise<{ microseconds: number; histogram: string } | undefined> {
  const { map, contents, peer } = member;
  const ping = contents.keys[contents.set.size + PING]!;
  const pong = contents.keys[contents.set.size + PONG]!;
  if (!first) {
    for (let exchange = 1; exchange <= exchanges; exchange++) {
      await map.waitFor!(ping, exchange);
      await map.set(pong, peer.value(exchange));
    }
    return undefined;
  }
  const histogram = createHistogram();
  const start = now();
  for (let exchange = 1; exchange <= exchanges; exchange++) {
    const began = process.hrtime.bigint();
    await map.set(ping, peer.value(exchange));
    await map.waitFor!(pong, exchange);
    record(histogram, Number(process.hrtime.bigint() - began) / 2);
  }
  const microseconds = ((now() - start) * 1000) / exchanges / 2;
  await map.delete(ping);
  await map.delete(pong);
  return { microseconds, histogram: encode(histogram) };
}
