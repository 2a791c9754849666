// Runs workloads for peers, in rounds: each round has all peers, so that what else the machine does meets all alike.
import { setImmediate as turn } from "node:timers/promises";
import { median } from "../bench/statistics.ts";
import { inDirectory } from "../in-directory.ts";
import type { Contents } from "./contents.ts";
import { PeerUnavailable, type StorePeer } from "./peer.ts";
import type { Scene, Workload } from "./workloads.ts";

export interface RunOptions extends Omit<Scene, "peer" | "directory" | "contents"> {
  readonly peers: readonly StorePeer[];
  readonly workloads: readonly Workload[];
  readonly samples: number;
  /** Where the stores are. */
  readonly under: string;
  readonly contents: Contents;
  /** Is told how many samples are done, of how many, and which is next. */
  readonly progress?: (done: number, total: number, next: string) => void;
  /** Ends the run after the present sample: the rows are of what was measured till then. */
  readonly signal?: AbortSignal;
}

/** What one peer has done in one workload: figures, or why there are none. */
export interface Row {
  readonly workload: string;
  readonly peer: string;
  readonly unit: string;
  readonly samples: readonly number[];
  readonly median: number | undefined;
  /** How many times better than the first peer's it is, as a median of the rounds; below 1: worse. */
  readonly ratio: number | undefined;
  readonly reason: string | undefined;
}

export async function runAll(options: RunOptions): Promise<Row[]> {
  const { signal } = options;
  const rows: Row[] = [];
  const missing = new Map<string, string>();
  const total = options.workloads.length * options.samples * options.peers.length;
  let done = 0;
  for (const workload of options.workloads) {
    if (signal?.aborted) break;
    const samples = new Map<string, number[]>();
    const reasons = new Map<string, string>();
    for (let round = 0; round < options.samples && !signal?.aborted; round++) {
      for (const peer of options.peers) {
        const reason = missing.get(peer.name) ?? refuses(peer, workload);
        if (reason !== undefined) {
          reasons.set(peer.name, reason);
          continue;
        }
        options.progress?.(done++, total, `${workload.name}: ${peer.name}`);
        // Samples are synchronous for the most part: only now the signal of a Ctrl-C can come.
        await turn();
        if (signal?.aborted) break;
        try {
          const found = samples.get(peer.name) ?? [];
          samples.set(peer.name, found);
          found.push(await sample(options, peer, workload));
        } catch (error) {
          if (!(error instanceof PeerUnavailable)) throw error;
          missing.set(peer.name, error.message);
          reasons.set(peer.name, error.message);
        }
      }
    }
    const first = samples.get(options.peers[0]!.name) ?? [];
    for (const peer of options.peers) {
      const found = samples.get(peer.name) ?? [];
      if (signal?.aborted && found.length === 0) continue;
      const ratios = found.flatMap((value, i) => {
        const other = first[i];
        if (other === undefined) return [];
        return [workload.more ? value / other : other / value];
      });
      rows.push({
        workload: workload.name,
        peer: peer.name,
        unit: workload.unit,
        samples: found,
        median: found.length === 0 ? undefined : median(found),
        ratio: ratios.length === 0 ? undefined : median(ratios),
        reason: reasons.get(peer.name),
      });
    }
  }
  return rows;
}

function refuses(peer: StorePeer, workload: Workload): string | undefined {
  return workload.threads && peer.attach === undefined ? peer.oneThread : undefined;
}

function sample(options: RunOptions, peer: StorePeer, workload: Workload): Promise<number> {
  return inDirectory(options.under, "masstree-stores-", (directory) =>
    workload.run({ ...options, peer, directory }),
  );
}
