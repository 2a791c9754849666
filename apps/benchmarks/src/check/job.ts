// The checking job over one map. All writers fill it while others read it; then every key is found and
// scanned; then the writers empty it while others read it; then all its memory must be free again.

import type { StepsHandlers } from "../check-worker.ts";
import { Difference } from "../failure.ts";
import { bytes, count, rate } from "../format.ts";
import type { SharedInput } from "../keys/order.ts";
import type { Occupied, OrderedMap, Sharing } from "../maps/contract.ts";
import { loadSubject } from "../maps/registry.ts";
import type { Progress } from "../progress.ts";
import { Board } from "../threads/board.ts";
import { perSecond, type Timed } from "../threads/clock.ts";
import { Crew } from "../threads/crew.ts";
import type { Span } from "./expectation.ts";
import type { StepsData } from "./steps.ts";

/** The steps whose speed is shown, in the order of the table. */
export const measuredSteps = ["set", "get", "full scan", "prefix scans", "delete"] as const;
export type MeasuredStep = (typeof measuredSteps)[number];

export interface JobResult {
  readonly name: string;
  readonly threads: number;
  /** Operations per second; for scans, entries per second. */
  readonly perSecond: Partial<Record<MeasuredStep, number>>;
  readonly bytesPerKey: number | undefined;
  /** Number of answers that were checked, by all threads. */
  readonly checked: number;
}

export interface JobOptions {
  readonly input: SharedInput;
  /** See `loadSubject`. */
  readonly subject: string;
  readonly script: URL;
  /** Number of threads that write. If `shared`, half as many more read meanwhile. */
  readonly threads: number;
  /** Whether all threads share one map, or a single thread creates its own. */
  readonly shared: boolean;
  /** Whether the speed of the steps will be shown. Then each thread warms up first. */
  readonly timed?: boolean;
  readonly progress: Progress;
  /** After this many milliseconds without any operation, a step counts as hung. */
  readonly stalledAfter?: number;
}

const STALLED_AFTER = 120_000;
const LOOKED_AT_EVERY = 200;

/** How many steps a job shows. Only a map that several threads share has its memory checked. */
export const stepsOf = (shared: boolean): number => (shared ? 13 : 12);

/** @throws Difference at the first wrong answer of the map */
export async function runJob(options: JobOptions): Promise<JobResult> {
  return new Job(options, (await loadSubject(options.subject)).name).run();
}

/** This thread's object for the map that all threads share. */
interface Own {
  readonly map: OrderedMap;
  readonly sharing: Sharing;
}

class Job {
  readonly #options: JobOptions;
  readonly #name: string;
  readonly #keyCount: number;
  readonly #writers: number;
  readonly #readers: number;
  readonly #board: Board;
  readonly #perSecond: Partial<Record<MeasuredStep, number>> = {};
  #checked = 0;
  #crew!: Crew<StepsHandlers>;

  constructor(options: JobOptions, name: string) {
    this.#options = options;
    this.#name = name;
    this.#keyCount = options.input.keys.count;
    this.#writers = options.shared ? options.threads : 1;
    this.#readers = options.shared ? Math.max(1, this.#writers >> 1) : 0;
    this.#board = new Board(this.#writers + this.#readers);
  }

  async run(): Promise<JobResult> {
    const { shared, subject } = this.#options;
    if (!shared) return this.#through(undefined);
    const loaded = await loadSubject(subject);
    const map = loaded.create(this.#options.input.keys.ascii);
    try {
      return await this.#through({ map, sharing: loaded.shared! });
    } finally {
      map.close?.();
    }
  }

  async #through(own: Own | undefined): Promise<JobResult> {
    const { input, subject, script, timed = false } = this.#options;
    this.#options.progress.begin(this.#title("start the threads"));
    const empty = own?.sharing.settle(own.map);
    this.#crew = new Crew<StepsHandlers>(script, this.#board.threads, (thread) => {
      const data: StepsData = {
        input,
        subject,
        thread,
        threads: this.#board.threads,
        timed,
        board: this.#board.buffer,
        ...(own === undefined ? {} : { handle: own.sharing.handle(own.map) }),
      };
      return data;
    });
    try {
      await this.#crew.together(this.#crew.size, "ready");
      const bytesPerKey = await this.#fillFindAndEmpty(own, empty);
      if (own !== undefined) await this.#giveBack(empty!, own);
      return {
        name: this.#name,
        threads: this.#writers,
        perSecond: this.#perSecond,
        bytesPerKey,
        checked: this.#checked,
      };
    } finally {
      await this.#crew.stop();
    }
  }

  async #fillFindAndEmpty(own: Own | undefined, empty: Occupied | undefined): Promise<number> {
    const all = this.#keyCount;
    const half = all >>> 1;
    this.#perSecond.set = await this.#write("fill", { writing: "insert", from: 0, to: all });
    await this.#sizeMustBe(all);
    const occupied =
      own === undefined
        ? await this.#crew.call(0, "occupied")
        : own.sharing.settle(own.map).live - empty!.live;

    this.#perSecond.get = await this.#read("find every key", "find", 0, all);
    this.#perSecond["full scan"] = await this.#read("full scans", "walk", 0, all * 2);
    this.#perSecond["prefix scans"] = await this.#read("prefix scans", "prefixes", 0, 0);

    const firstHalf = await this.#write("delete half", { writing: "remove", from: 0, to: half });
    await this.#sizeMustBe(all - half);
    await this.#read("find the other half", "find", half, all);
    await this.#read("full scans of the other half", "walk", half, (all - half) * 2);
    await this.#read("prefix scans of the other half", "prefixes", half, 0);

    const rest = await this.#write("delete the rest", { writing: "remove", from: half, to: all });
    // With a single key, the first half is empty.
    this.#perSecond.delete = all / ((half && half / firstHalf) + (all - half) / rest);
    await this.#sizeMustBe(0);
    await this.#read("find nothing", "find", all, all);
    await this.#read("full scans of the empty map", "walk", all, 0);
    await this.#read("prefix scans of the empty map", "prefixes", all, 0);
    return occupied / all;
  }

  /** Lets all writers write a span while the readers read the map. */
  async #write(name: string, part: Omit<Span, "writers">): Promise<number> {
    const span: Span = { ...part, writers: this.#writers };
    const meeting = this.#writers + this.#readers;
    const title = this.#readers === 0 ? name : `${name}, ${this.#readers} more reading`;
    const parts = await this.#step(title, part.to - part.from, () =>
      Promise.all(
        Array.from({ length: meeting }, (_, thread) =>
          this.#crew.call(thread, thread < this.#writers ? "write" : "watch", span, meeting),
        ),
      ),
    );
    const reads = parts.slice(this.#writers).reduce((sum, { operations }) => sum + operations, 0);
    const speed = perSecond(parts.slice(0, this.#writers));
    const watched = this.#readers === 0 ? "" : `, ${count(reads)} reads checked meanwhile`;
    this.#options.progress.done(`${rate(speed)}${watched}`);
    return speed;
  }

  /** Runs the same reading step in as many threads as there are writers. */
  async #read(
    name: string,
    step: "find" | "walk" | "prefixes",
    first: number,
    operations: number,
  ): Promise<number> {
    const parts = await this.#step(name, operations * this.#writers, () =>
      this.#crew.together(this.#writers, step, first, this.#writers),
    );
    const speed = perSecond(parts);
    this.#options.progress.done(speed > 0 ? rate(speed) : undefined);
    return speed;
  }

  async #step(name: string, operations: number, start: () => Promise<Timed[]>): Promise<Timed[]> {
    const { progress, stalledAfter = STALLED_AFTER } = this.#options;
    progress.begin(this.#title(name));
    this.#board.reset();
    let last = -1;
    let changed = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const stalled = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        const done = this.#board.total(this.#writers);
        progress.update(done, operations);
        if (done !== last) {
          last = done;
          changed = performance.now();
        } else if (performance.now() - changed > stalledAfter) {
          const each = Array.from({ length: this.#board.threads }, (_, t) =>
            this.#board.published(t),
          );
          reject(
            new Difference(
              `${this.#name}: no thread made progress for ${stalledAfter / 1000} s in '${name}'; ` +
                `operations done per thread: ${each.join(", ")}`,
            ),
          );
        }
      }, LOOKED_AT_EVERY);
    });
    try {
      const parts = await Promise.race([start(), stalled]);
      for (const part of parts) this.#checked += part.operations;
      return parts;
    } finally {
      clearInterval(timer);
    }
  }

  async #sizeMustBe(wanted: number): Promise<void> {
    for (const size of await this.#crew.together(this.#crew.size, "size")) {
      if (size !== wanted) {
        throw new Difference(`${this.#name}: size was ${count(size)} instead of ${count(wanted)}`);
      }
    }
  }

  /** Checks that everything removed is free again, both before and after the threads close the map. */
  async #giveBack(empty: Occupied, { map, sharing }: Own): Promise<void> {
    const { progress } = this.#options;
    progress.begin(this.#title("check that all memory is free again"));
    const check = (when: string): void => {
      const { live, retired } = sharing.settle(map);
      if (retired === 0 && live === empty.live) return;
      throw new Difference(
        `${this.#name}: after every key was deleted${when}, ${bytes(live)} were live and ` +
          `${bytes(retired)} retired; the empty map had ${bytes(empty.live)} live at first`,
      );
    };
    await this.#crew.together(this.#crew.size, "settle");
    check("");
    await this.#crew.together(this.#crew.size, "close");
    check(" and all threads had closed the map");
    progress.done(`${bytes(empty.live)} live, as in the beginning`);
  }

  #title(step: string): string {
    const threads = this.#writers === 1 ? "1 thread" : `${this.#writers} threads`;
    return `${this.#name}, ${threads}: ${step}`;
  }
}
