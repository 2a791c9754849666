// Runs the benchmark in this page's workers.
import { assemble, peerEntry } from "../../bench/assemble.ts";
import { loadPeer } from "../../bench/peers/registry.ts";
import type { BenchResult, Machine } from "../../bench/result.ts";
import { run } from "../../bench/run.ts";
import type { Progress } from "../../progress.ts";
import type { Chosen } from "./settings.ts";

declare global {
  interface ImportMeta {
    /** Versions of the packages in the page, which the bundler puts here. */
    readonly VERSIONS: Readonly<Record<string, string>>;
  }
}

export interface Watcher {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Called between two samples with what gives the result so far. */
  onSample(result: () => BenchResult): void;
}

/** @returns the result; `error` says why the run ended early, unless the signal ended it */
export async function measure(
  chosen: Chosen,
  watcher: Watcher,
): Promise<{ readonly result: BenchResult; readonly error: unknown }> {
  const { rounds, interval, baseline, workloads, keys, sizes, threads } = chosen;
  const peers = await Promise.all(chosen.peers.map(loadPeer));
  const machine = describeMachine();
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]! >>> 1;
  const settings = { rounds, interval, baseline };
  const date = new Date().toISOString();
  const start = performance.now();
  const resultOf = (measurements: BenchResult["measurements"], complete: boolean): BenchResult =>
    assemble({
      date,
      seconds: Math.round((performance.now() - start) / 1000),
      complete,
      command: commandOf(chosen, seed),
      seed,
      machine,
      versions: import.meta.VERSIONS,
      settings,
      peers: peers.map((peer) => peerEntry(peer)),
      measurements,
    });
  const { measurements, complete, error } = await run(
    {
      ...settings,
      peers,
      seed,
      workloads,
      keys,
      sizes,
      threads,
      choices: [],
      rate: undefined,
      trace: undefined,
    },
    {
      script: new URL("/bench-worker.js", location.href),
      root: "",
      progress: watcher.progress,
      signal: watcher.signal,
      onSample: (so) => watcher.onSample(() => resultOf(so(), false)),
    },
  );
  return { result: resultOf(measurements, complete), error };
}

/** What would measure the same in Node. */
function commandOf(chosen: Chosen, seed: number): string[] {
  const { workloads, peers, keys, sizes, threads, rounds, interval, baseline } = chosen;
  const lists = { workload: workloads, peers, keys, size: sizes, threads };
  return [
    ...Object.entries(lists).flatMap(([name, values]) => [`--${name}`, values.join(",")]),
    ...Object.entries({ rounds, interval, baseline, seed }).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ]),
  ];
}

function describeMachine(): Machine {
  const { userAgent, hardwareConcurrency, platform } = navigator;
  const { deviceMemory } = navigator as { deviceMemory?: number };
  return {
    cpu: "unknown",
    cores: hardwareConcurrency,
    // Browsers tell at most 8 GiB, and some nothing.
    memoryBytes: (deviceMemory ?? 0) * 2 ** 30,
    platform,
    browser: userAgent,
    load: 0,
    clockNanoseconds: clockStep(),
  };
}

/** The smallest step of the browser's clock, in nanoseconds: latencies below it mean little. */
function clockStep(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 100; n++) {
    const from = performance.now();
    let to = from;
    while (to === from) to = performance.now();
    least = Math.min(least, to - from);
  }
  return Math.round(least * 1e6);
}
