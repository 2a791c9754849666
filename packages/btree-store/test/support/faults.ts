// Runs transactions on a disk of which one call fails, or all from one on.

import type { StoreClass } from "./crashes.ts";
import {
  type Change,
  type Contents,
  changeModel,
  changeStore,
  contentsOf,
  copyOf,
  same,
} from "./model.ts";
import { CrashPoint, SimDisk } from "./sim-disk.ts";

export type FaultKind = "once" | "for good" | "full" | "short";

/** What a failing call of the disk throws. */
export class DiskError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`The test's disk: ${code}`);
    this.code = code;
  }
}

export class FaultFinding extends Error {}

/**
 * Lets the n-th call fail, for n = 1, 2, ..., until nothing fails any more.
 *
 * @returns how many calls were made to fail
 * @throws FaultFinding if a failure goes unnoticed, or anything is lost by it
 */
export function exploreFaults(
  StoreOf: StoreClass,
  transactions: readonly (readonly Change[])[],
  kind: FaultKind,
): number {
  for (let n = 1; ; n++) {
    try {
      if (!runWithFault(StoreOf, transactions, kind, n)) return n - 1;
    } catch (cause) {
      throw new FaultFinding(`call ${n} fails (${kind}): ${(cause as Error).message}`, { cause });
    }
  }
}

/** Whether there was an n-th call. */
function runWithFault(
  StoreOf: StoreClass,
  transactions: readonly (readonly Change[])[],
  kind: FaultKind,
  n: number,
): boolean {
  const disk = new SimDisk();
  let calls = 0;
  disk.before = (call) => {
    calls++;
    if (calls < n || (calls > n && kind !== "for good")) return undefined;
    if (kind === "short") return call === "read" || call === "write" ? 1 : undefined;
    throw new DiskError(kind === "full" ? "ENOSPC" : "EIO");
  };
  let held: Contents = new Map();
  let inFlight: Contents | undefined;
  let hasFailed = false;
  try {
    const store = StoreOf.open("disk", { vfs: disk, cacheBytes: 0 });
    for (const changes of transactions) {
      const next = copyOf(held);
      changeModel(next, changes);
      try {
        store.writeMany((buckets) => changeStore(buckets, changes));
        if (hasFailed) throw new Error("A commit was acknowledged after a failed sync or write.");
        held = next;
      } catch (error) {
        const { code } = error as { code?: string };
        if (kind === "short") throw error;
        if (code === "STORE_FAILED") {
          inFlight ??= next;
          hasFailed = true;
        } else if (code !== "STORE_FULL" && code !== "STORE_CORRUPT") {
          throw error;
        }
        // A full disk, or a page that could not be read, only rolls back: the store goes on.
        if (!hasFailed && kind !== "for good" && !same(contentsOf(store), held)) {
          throw new Error("A transaction that failed has changed something.");
        }
      }
    }
    if (!hasFailed && kind !== "for good") store.check();
    store.close();
  } catch (error) {
    if (!(error instanceof DiskError) && !isOf(error, ["STORE_FAILED", "STORE_CORRUPT"]))
      throw error;
    if (kind === "short") throw error;
  }
  const reached = calls >= n;
  disk.before = undefined;
  disk.abandon();
  openAgain(StoreOf, disk.image(), held, inFlight);
  // What was acknowledged was synced.
  for (const image of new CrashPoint(new Uint8Array(0), disk.log).some(3, () => 0.5)) {
    openAgain(StoreOf, image, held, inFlight);
  }
  return reached;
}

function openAgain(
  StoreOf: StoreClass,
  image: Uint8Array,
  held: Contents,
  inFlight: Contents | undefined,
): void {
  const store = StoreOf.open("disk", { vfs: new SimDisk(image), cacheBytes: 0 });
  try {
    store.check();
    const found = contentsOf(store);
    if (same(found, held) || (inFlight !== undefined && same(found, inFlight))) return;
    throw new Error("Opened again, it has neither what was acknowledged nor that and the commit.");
  } finally {
    store.close();
  }
}

function isOf(error: unknown, codes: readonly string[]): boolean {
  return codes.includes((error as { code?: string }).code ?? "");
}
