// Runs commits on a disk that forgets, and opens every file that a crash may leave.
import type { BTreeStore as Store, StoreOptions } from "../../src/index.ts";
import { metasOf } from "./metas.ts";
import {
  type Change,
  type Contents,
  changeModel,
  changeStore,
  contentsOf,
  copyOf,
  same,
} from "./model.ts";
import { CrashPoint, type DiskEvent, SimDisk } from "./sim-disk.ts";

/** The class to test, which may be one with a mistake. */
export interface StoreClass {
  open(path: string, options?: StoreOptions): Store;
}

/** What a transaction changes; or a compaction, which changes nothing, to a part of the file's length. */
export type Transaction = readonly Change[] | "compact" | { readonly compactTo: number };

export interface CrashPlan {
  readonly transactions: readonly Transaction[];
  /** How many files are looked at after each event; all of them, if there are no more. */
  readonly most: number;
  readonly random: () => number;
  /** Of how many files another commit is begun, and crashes. */
  readonly again: number;
  readonly options?: StoreOptions;
}

export interface CrashReport {
  /** Files that were opened. */
  readonly states: number;
  /** Events of which all files were opened. */
  readonly exhausted: number;
  readonly events: number;
}

/** A file that a store did not survive: what the tests throw. */
export class CrashFinding extends Error {}

/**
 * Runs transactions, and opens the files that a crash before, between and after the events may leave.
 *
 * @throws CrashFinding at the first one that cannot be opened, does not pass `check`, or has other contents than the
 *   last acknowledged ones, or those and the whole commit in flight
 */
export function exploreCrashes(StoreOf: StoreClass, plan: CrashPlan): CrashReport {
  const disk = new SimDisk();
  const history = run(StoreOf, disk, new Map(), new Map(), plan.transactions, plan.options);
  return explore(StoreOf, plan, new Uint8Array(0), disk.log, history, plan.again);
}

/** What a store has to hold. */
interface History {
  /** At first, and after each transaction. */
  readonly acknowledged: readonly Contents[];
  /** By the number of the commit. */
  readonly commits: ReadonlyMap<number, Contents>;
}

/** Runs transactions, marks them on the disk, and returns what the store has to hold after each. */
function run(
  StoreOf: StoreClass,
  disk: SimDisk,
  start: Contents,
  known: ReadonlyMap<number, Contents>,
  transactions: readonly Transaction[],
  options: StoreOptions = {},
): History {
  const acknowledged = [start];
  const store = StoreOf.open("disk", { vfs: disk, cacheBytes: 0, ...options });
  const commits = new Map(known).set(store.stats().commit, start);
  let contents = start;
  for (const changes of transactions) {
    if (changes === "compact" || "compactTo" in changes) {
      acknowledged.push(contents);
      const part = changes === "compact" ? 0 : changes.compactTo;
      store.compact({ targetBytes: part * store.stats().fileBytes });
    } else {
      contents = copyOf(contents);
      changeModel(contents, changes);
      acknowledged.push(contents);
      store.writeMany((buckets) => changeStore(buckets, changes));
    }
    disk.mark("acknowledged");
    commits.set(store.stats().commit, contents);
  }
  store.close();
  return { acknowledged, commits };
}

function explore(
  StoreOf: StoreClass,
  plan: CrashPlan,
  image: Uint8Array,
  log: readonly DiskEvent[],
  history: History,
  again: number,
): CrashReport {
  const { most, random } = plan;
  const report = { states: 0, exhausted: 0, events: 0 };
  let done = 0;
  for (let length = 0; length <= log.length; length++) {
    if (log[length - 1]?.kind === "mark") {
      done++;
      continue;
    }
    report.events++;
    const point = new CrashPoint(image, log.slice(0, length));
    if (point.count <= most) report.exhausted++;
    let tried = 0;
    for (const file of point.some(most, random)) {
      report.states++;
      const allowed = history.acknowledged.slice(done, done + 2);
      const found = survive(StoreOf, file, allowed, `after event ${length} of ${log.length}`, plan);
      if (tried < 2) loseNewest(StoreOf, plan, file, history);
      // A crash within the recovery: opening writes nothing, so it is that of the next commit.
      if (again > 0 && tried % Math.ceil(most / again) === 0) {
        report.states += crashAgain(StoreOf, plan, file, found, history);
      }
      tried++;
    }
  }
  return report;
}

/**
 * Damages the newest state of a file, whose commit may be under way: then the one before has to be there, whole. Its
 * pages must not have been written to before its meta page is.
 */
function loseNewest(
  StoreOf: StoreClass,
  { options }: CrashPlan,
  file: Uint8Array,
  { commits }: History,
): void {
  const found = metasOf(file);
  const [newest, older] = found;
  if (newest === undefined || older === undefined || newest.catalog === 0) return;
  const wanted = commits.get(older.commit);
  if (wanted === undefined || newest.catalog === older.catalog) return;
  const damaged = file.slice();
  damaged[newest.catalog * newest.pageBytes + 40]! ^= 1;
  const disk = new SimDisk(damaged);
  try {
    const store = StoreOf.open("disk", { vfs: disk, cacheBytes: 0, ...options });
    try {
      store.check();
      const lost = store.stats().recovery?.lostCommit;
      if (lost !== newest.commit) throw new Error("It is not said that a commit is lost.");
      if (!same(wanted, contentsOf(store))) {
        throw new Error("The contents are not those of the state before.");
      }
    } finally {
      store.close();
    }
  } catch (cause) {
    throw new CrashFinding(`newest state lost: ${(cause as Error).message}`, { cause });
  }
}

/** Opens a file, checks all of it, and returns what it holds. */
function survive(
  StoreOf: StoreClass,
  file: Uint8Array,
  allowed: readonly Contents[],
  where: string,
  { options }: CrashPlan,
): Contents {
  const disk = new SimDisk(file);
  try {
    const store = StoreOf.open("disk", { vfs: disk, cacheBytes: 0, ...options });
    try {
      store.check();
      if (store.stats().recovery !== undefined)
        throw new Error("An acknowledged state was given up.");
      const found = contentsOf(store);
      if (allowed.some((contents) => same(contents, found))) return found;
      throw new Error("The contents are neither those before nor those after the commit.");
    } finally {
      store.close();
    }
  } catch (cause) {
    throw new CrashFinding(`${where}: ${(cause as Error).message}`, { cause });
  }
}

const afterwards: readonly Change[] = [
  { kind: "set", bucket: "a", key: "after the crash", value: "z".repeat(3000) },
  { kind: "delete", bucket: "a", key: "key 7" },
];

function crashAgain(
  StoreOf: StoreClass,
  plan: CrashPlan,
  file: Uint8Array,
  held: Contents,
  { commits }: History,
): number {
  const disk = new SimDisk(file);
  const history = run(StoreOf, disk, held, commits, [afterwards, afterwards], plan.options);
  return explore(StoreOf, { ...plan, most: 3 }, file, disk.log, history, 0).states;
}
