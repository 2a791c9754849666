// Runs the measurements for one kind of key. The subjects take turns, operation by operation, so that
// other load on the machine affects all of them alike.
import type { AloneHandlers, BenchData, ScalingHandlers } from "../bench-worker.ts";
import { MAP_LIMIT } from "../maps/native-map.ts";
import type { Progress } from "../progress.ts";
import { Board } from "../threads/board.ts";
import { perSecond } from "../threads/clock.ts";
import { Crew } from "../threads/crew.ts";
import type { Measured, Scaled } from "./acceptance.ts";
import type { KeyKind } from "./kinds.ts";
import { type OperationName, operationNames } from "./operations.ts";
import { median, pairedRatio } from "./statistics.ts";
import { loadBenchSubject } from "./subjects.ts";

export interface MeasureOptions {
  readonly script: URL;
  readonly kind: KeyKind;
  readonly count: number;
  readonly seed: number;
  readonly repeat: number;
  readonly subjects: readonly string[];
  readonly only: readonly OperationName[];
  readonly baseline: string;
  readonly progress: Progress;
}

const BYTES = "bytes per key";
const SORTED_BYTES = "bytes per key, sorted";

export async function measureKind(options: MeasureOptions): Promise<Measured[]> {
  const { kind, count, subjects, progress, repeat, script, seed } = options;
  const present = await presentSubjects(subjects, kind, count);
  const crews: Crew<AloneHandlers>[] = [];
  const samples = new Map<string, number[]>();
  const keep = (subject: number, operation: string, value: number): void => {
    const key = `${present[subject]}\n${operation}`;
    samples.set(key, [...(samples.get(key) ?? []), value]);
  };
  const total = repeat * options.only.length * present.length;
  let done = 0;
  progress.begin(`${kind.name}: ${present.length} maps, ${repeat} repeats`);
  try {
    for (const subject of present) {
      const data: BenchData = { subject, kind: kind.name, count, seed };
      const crew = new Crew<AloneHandlers>(script, 1, () => data);
      crews.push(crew);
      await crew.call(0, "warm");
    }
    for (let round = 0; round < repeat; round++) {
      for (const operation of operationNames) {
        for (let turn = 0; turn < present.length; turn++) {
          // The first subject finds the machine in a different state, so they take turns at being first.
          const subject = (turn + round) % present.length;
          const crew = crews[subject]!;
          const wanted = options.only.includes(operation) && (await crew.call(0, "can", operation));
          if (wanted) {
            keep(subject, operation, await crew.call(0, "run", operation));
            progress.update(++done, total);
          }
          if (operation === "set" && wanted) {
            keep(subject, BYTES, await crew.call(0, "bytesPerKey"));
          } else if (operation === "sorted set") {
            if (wanted) keep(subject, SORTED_BYTES, await crew.call(0, "bytesPerKey"));
            await crew.call(0, "release");
          }
        }
      }
    }
  } finally {
    await Promise.all(crews.map((crew) => crew.stop()));
  }
  progress.done();
  return summarised(options, present, samples);
}

/** The subjects that can hold keys of this kind by value, and this many of them. */
async function presentSubjects(
  names: readonly string[],
  kind: KeyKind,
  count: number,
): Promise<string[]> {
  const present: string[] = [];
  for (const name of names) {
    const { keyTypes } = await loadBenchSubject(name);
    if (keyTypes.includes(kind.type) && (name !== "Map" || count <= MAP_LIMIT)) present.push(name);
  }
  return present;
}

function summarised(
  { kind, baseline }: MeasureOptions,
  subjects: readonly string[],
  samples: ReadonlyMap<string, readonly number[]>,
): Measured[] {
  const measured: Measured[] = [];
  for (const operation of [...operationNames, BYTES, SORTED_BYTES]) {
    const reference = samples.get(`${baseline}\n${operation}`);
    for (const subject of subjects) {
      const own = samples.get(`${subject}\n${operation}`);
      if (own === undefined) continue;
      measured.push({
        kind: kind.name,
        subject,
        operation,
        unit: operation.startsWith("bytes") ? "bytes" : "per second",
        samples: own,
        median: median(own),
        ...(reference === undefined ? {} : { ratio: pairedRatio(own, reference) }),
      });
    }
  }
  return measured;
}

export interface ScalingOptions extends Omit<MeasureOptions, "only" | "baseline"> {
  readonly threads: readonly number[];
  readonly milliseconds: number;
}

/** Measures gets with each number of threads in turn, for each subject that threads can share. */
export async function measureScaling(options: ScalingOptions): Promise<Scaled[]> {
  const { script, kind, count, seed, repeat, subjects, threads, milliseconds, progress } = options;
  const most = Math.max(...threads);
  const scaled: Scaled[] = [];
  for (const subject of subjects) {
    if ((await loadBenchSubject(subject)).attach === undefined) continue;
    progress.begin(`${subject}: get with ${threads.join(", ")} threads, ${repeat} repeats`);
    const board = new Board(most);
    const crew = new Crew<ScalingHandlers>(script, most, (thread) => {
      const shared = { thread, threads: most, board: board.buffer };
      const data: BenchData = { subject, kind: kind.name, count, seed, scaling: shared };
      return data;
    });
    try {
      const handle = await crew.call(0, "create");
      await Promise.all(
        Array.from({ length: most - 1 }, (_, other) => crew.call(other + 1, "attach", handle)),
      );
      // An uncounted round lets every thread compile its loop.
      await crew.together(most, "get", most, milliseconds);
      const samples = new Map<number, number[]>(threads.map((number) => [number, []]));
      for (let round = 0; round < repeat; round++) {
        for (const number of threads) {
          samples
            .get(number)!
            .push(perSecond(await crew.together(number, "get", number, milliseconds)));
        }
        progress.update(round + 1, repeat);
      }
      const single = samples.get(1);
      for (const [number, own] of samples) {
        const growth = single === undefined ? Number.NaN : pairedRatio(own, single);
        scaled.push({ subject, threads: number, samples: own, median: median(own), growth });
      }
    } finally {
      await crew.stop();
    }
    progress.done();
  }
  return scaled;
}
