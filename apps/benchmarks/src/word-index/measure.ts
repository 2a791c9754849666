// Builds the index in one way, in this process, and measures it.
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { IndexWorkerData } from "../index-worker.ts";
import type { Packed } from "./packed.ts";
import { type Noticed, Probe } from "./probe.ts";
import { type Answer, askAll, type Parameters } from "./questions.ts";
import { newSharing, takeFrom, taken } from "./sharing.ts";
import { packEntries } from "./table.ts";
import { loadWay } from "./ways/registry.ts";

export interface MeasureRequest {
  /** See `loadWay`. */
  readonly way: string;
  /** The module of the workers. */
  readonly workerScript: string;
  readonly files: readonly string[];
  readonly threads: number;
  /** An empty directory for this way alone. */
  readonly directory: string;
  /** What the main thread asks for while the files are read. */
  readonly prefixes: readonly string[];
  /** What to ask the complete index, if it is in order. */
  readonly parameters: Parameters;
}

export interface Outcome {
  readonly title: string;
  /** Whether one thread did everything. */
  readonly alone: boolean;
  readonly sorted: boolean;
  /** From the start, with the workers still to be started, until the index was complete. */
  readonly milliseconds: number;
  /** The same in time of the processor, of all threads. */
  readonly cpuMilliseconds: number;
  readonly peakBytes: number;
  readonly noticed: Noticed;
  readonly entries: Packed;
  /** Empty if the index has no order, or does not answer such questions. */
  readonly answers: readonly Answer[];
}

/** @throws Difference, WayUnavailable */
export async function measureWay(
  request: MeasureRequest,
  progress: (done: number) => void,
): Promise<Outcome> {
  const way = await loadWay(request.way);
  const sharing = newSharing();
  const filesTaken = (): number => taken(request.files, sharing);
  const inWork = way.alone ? 1 : request.threads;
  const watch = setInterval(() => progress(Math.max(0, filesTaken() - inWork)), 200);
  const probe = new Probe(request.prefixes, filesTaken);
  await probe.begin();

  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const index = await way.start({
    files: takeFrom(request.files, sharing),
    directory: request.directory,
    inWorkers: (data, receive) => inWorkers(request, sharing, data, receive),
  });
  probe.ask(index);
  await index.done;
  const milliseconds = performance.now() - start;
  const cpu = process.cpuUsage(cpuBefore);
  const peakBytes = peakMemory();
  clearInterval(watch);

  const noticed = await probe.end(index);
  return {
    title: way.title,
    alone: way.alone === true,
    sorted: way.sorted,
    // One thread could not do anything else while it answered, so that time can be taken off exactly.
    milliseconds: milliseconds - (way.alone ? noticed.spent : 0),
    cpuMilliseconds: (cpu.user + cpu.system) / 1000,
    peakBytes,
    noticed,
    entries: packEntries(index.entries()),
    answers: index.ordered === undefined ? [] : askAll(index.ordered, request.parameters),
  };
}

async function inWorkers(
  { way, workerScript, files, threads }: MeasureRequest,
  sharing: Int32Array<SharedArrayBuffer>,
  data: unknown,
  receive: (message: Packed) => void = () => undefined,
): Promise<void> {
  const workerData: IndexWorkerData = { way, files, sharing, data };
  // Messages may come faster than they are received. One after the other, the thread has time for others.
  let received: Promise<void> = Promise.resolve();
  const later = (message: Packed): void => {
    received = received.then(async () => {
      receive(message);
      await setImmediate();
    });
  };
  await Promise.all(
    Array.from({ length: threads }, async (_, thread) => {
      const worker = new Worker(new URL(workerScript), { workerData, name: `thread ${thread}` });
      worker.on("message", later);
      await new Promise<void>((resolve, reject) => {
        worker.on("error", reject);
        worker.on("exit", (status) => {
          if (status === 0) resolve();
          else reject(new Error(`thread ${thread} ended with status ${status}`));
        });
      });
    }),
  );
  await received;
}

/** The most memory that this process has had at a time, in bytes. */
function peakMemory(): number {
  // Linux counts what the parent had when it started this process into `maxRSS`, but not into this.
  if (process.platform === "linux") {
    const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    if (kilobytes !== undefined) return Number(kilobytes) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}
