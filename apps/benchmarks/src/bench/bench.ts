// Runs a benchmark from its settings to its result, and prints and writes it.
import { writeFile } from "node:fs/promises";
import { Difference, UsageError } from "../failure.ts";
import { duration } from "../format.ts";
import { onSignals } from "../interrupt.ts";
import type { Progress } from "../progress.ts";
import { mustBeWritable } from "../writable.ts";
import { assemble, peerEntry } from "./assemble.ts";
import type { ChoiceName } from "./choice.ts";
import { amount } from "./html/numbers.ts";
import { FILE_PREFIX } from "./keys/kinds.ts";
import { describeMachine, versionsOf } from "./machine.ts";
import type { Peer } from "./peers/peer.ts";
import { loadPeer, missing } from "./peers/registry.ts";
import { type BenchResult, isBusy, type Machine, type PeerEntry, toJson } from "./result.ts";
import { run } from "./run.ts";
import { heading, resultTables } from "./tables.ts";
import { mustBeFile } from "./trace/lines.ts";
import { loadTrace } from "./trace/load.ts";

export interface BenchOptions {
  readonly workload: readonly string[];
  readonly keys: readonly string[];
  readonly size: readonly number[];
  readonly threads: readonly number[];
  readonly choice: readonly ChoiceName[];
  readonly peers: readonly string[];
  readonly baseline: string;
  readonly rounds: number;
  readonly interval: number;
  readonly rate?: number;
  /** Prints latencies as well. */
  readonly latency?: true;
  readonly trace?: string;
  readonly json?: string;
  readonly html?: string;
  readonly seed: number;
}

/** A trace of fewer operations is replayed within milliseconds. */
const SHORT_TRACE = 10_000;

export interface BenchSurroundings {
  /** The built worker. */
  readonly script: URL;
  /** The repository. */
  readonly root: string;
  readonly progress: Progress;
  readonly print: (text: string) => void;
  /** The arguments, for the result. */
  readonly command: readonly string[];
}

/** Runs, prints and writes. Returns the result; `complete` is false if a signal ended it. */
export async function bench(
  options: BenchOptions,
  surroundings: BenchSurroundings,
): Promise<{ result: BenchResult; status: number }> {
  const { print, progress } = surroundings;
  if (options.json !== undefined) await mustBeWritable(options.json, "--json");
  if (options.html !== undefined) await mustBeWritable(options.html, "--html");
  for (const kind of options.keys) {
    if (kind.startsWith(FILE_PREFIX)) await mustBeFile(kind.slice(FILE_PREFIX.length), "--keys");
  }
  const trace = options.trace === undefined ? undefined : await loadTrace(options.trace);
  const { peers, entries } = await peersOf(options.peers);
  if (peers.length === 0) {
    throw new UsageError(
      `no peer can be loaded: ${entries.map(({ missing: why }) => why).join("; ")}`,
    );
  }
  if (trace !== undefined && trace.trace.length < SHORT_TRACE) {
    process.stderr.write(
      `NOTE: ${amount(trace.trace.length, "operation")}: too few to tell the maps apart. Figures of so short a trace are ` +
        "those of calls that the engine has not compiled.\n",
    );
  }
  const machine = describeMachine();
  for (const note of notesOn(machine, options.threads)) process.stderr.write(`NOTE: ${note}\n`);
  const date = new Date().toISOString();
  const start = performance.now();
  const stop = new AbortController();
  const ended = onSignals(stop, progress);
  const { seed, keys, rounds, threads, interval, rate, baseline } = options;
  if (!peers.some(({ name }) => name === baseline)) {
    process.stderr.write(
      `NOTE: ${baseline} is not measured, so there are no ratios: --baseline names another map.\n`,
    );
  }
  const settings = { rounds, interval, baseline };
  const finished = await run(
    {
      ...settings,
      peers,
      trace,
      seed,
      keys,
      threads,
      rate,
      workloads: options.workload,
      sizes: options.size,
      choices: options.choice,
    },
    { ...surroundings, signal: stop.signal },
  );
  const { measurements, complete } = finished;
  const result = assemble({
    date,
    seconds: Math.round((performance.now() - start) / 1000),
    complete,
    command: surroundings.command,
    seed,
    machine,
    versions: versionsOf(
      peers.map((peer) => peer.package).filter((name) => name !== "node"),
      surroundings.root,
    ),
    settings: {
      ...settings,
      ...(rate !== undefined && { rate }),
      ...(trace !== undefined && { trace: trace.name }),
    },
    peers: entries,
    measurements,
  });
  const { error } = finished;
  // A file of keys that cannot be used is known only when its turn comes.
  if (error !== undefined && measurements.length === 0) throw asOwn(error);
  report(result, surroundings, options.latency === true || rate !== undefined);
  if (options.json !== undefined) {
    await writeFile(options.json, toJson(result));
    print(`\nResult written to ${options.json}`);
  }
  if (options.html !== undefined) {
    // Loading what draws takes longer than most commands need.
    const { writeHtml } = await import("./html/index.ts");
    await writeFile(options.html, writeHtml(result));
    print(`\nReport written to ${options.html}`);
  }
  if (error !== undefined) throw asOwn(error);
  return { result, status: ended() };
}

function notesOn(machine: Machine, threads: readonly number[]): string[] {
  const notes: string[] = [];
  const { load, cores } = machine;
  if (isBusy(machine)) {
    notes.push(
      `the machine is busy (load ${load.toFixed(1)} on ${cores} cores). Ratios within rounds tolerate some of that, ` +
        "other figures do not.",
    );
  }
  if (threads.some((number) => number > cores)) {
    notes.push(`with more threads than ${cores} cores, figures measure the scheduler as well.`);
  }
  return notes;
}

function report(result: BenchResult, { print }: BenchSurroundings, latencies: boolean): void {
  print(heading(result));
  if (result.measurements.length > 0) print(`\n${resultTables(result, { latencies })}`);
  const measured = result.measurements.length;
  print(
    `\n${duration(result.seconds * 1000)}, ${amount(measured, "measurement")}` +
      (result.complete ? "" : ". THE RUN DID NOT END: rounds or measurements are missing"),
  );
  for (const { name, missing: why } of result.peers)
    if (why !== undefined) print(`${name} is left out: ${why}`);
}

/** A wrong answer in this project's map has its own exit status, also if all threads had to be asked to find it. */
function asOwn(error: unknown): unknown {
  return error instanceof Error && error.name === "Difference"
    ? new Difference(error.message)
    : error;
}

/** The peers that can be loaded, and what there is to say about all of them. */
export async function peersOf(
  names: readonly string[],
): Promise<{ peers: Peer[]; entries: PeerEntry[] }> {
  const peers: Peer[] = [];
  const entries: PeerEntry[] = [];
  for (const name of names) {
    const peer = await loadPeer(name);
    const why = await missing(peer);
    if (why === undefined) peers.push(peer);
    entries.push(peerEntry(peer, why));
  }
  return { peers, entries };
}
