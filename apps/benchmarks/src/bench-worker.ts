// A thread of the benchmark. It either times one map alone, or is one of the threads that share a map.
import { type BenchKeys, type KeyKind, keyKinds, makeKeys } from "./bench/kinds.ts";
import { type OperationName, Operations } from "./bench/operations.ts";
import { ScalingThread } from "./bench/scaling.ts";
import { type BenchSubject, loadBenchSubject } from "./bench/subjects.ts";
import { Board } from "./threads/board.ts";
import { serve } from "./threads/serve.ts";

export interface BenchData {
  readonly subject: string;
  readonly kind: string;
  readonly count: number;
  readonly seed: number;
  /** Set for the threads that share a map. */
  readonly scaling?: {
    readonly thread: number;
    readonly threads: number;
    readonly board: SharedArrayBuffer;
  };
}

function aloneHandlers(subject: BenchSubject, kind: KeyKind, data: BenchData) {
  const operations = new Operations(subject, kind, data.count, data.seed);
  return {
    warm: () => Operations.warm(subject, kind),
    can: (operation: OperationName) => operations.can(operation),
    run: (operation: OperationName) => operations.run(operation),
    fill: () => operations.fill(),
    bytesPerKey: () => operations.bytesPerKey(),
    release: () => operations.release(),
  };
}

export type AloneHandlers = ReturnType<typeof aloneHandlers>;

function scalingHandlers(subject: BenchSubject, kind: KeyKind, data: BenchData) {
  const { thread, threads, board } = data.scaling!;
  const keys: BenchKeys = makeKeys(kind, data.count, data.seed);
  let worker: ScalingThread | undefined;
  const join = (map: ReturnType<BenchSubject["create"]>): void => {
    worker = new ScalingThread(map, keys, new Board(threads, board), thread);
  };
  return {
    /** Creates the map, fills it and joins in. Returns the handle for the other threads. */
    create(): unknown {
      const map = subject.create(kind.type);
      keys.inserted.forEach((key, i) => {
        map.set(key, subject.value(i));
      });
      join(map);
      return subject.handle!(map);
    },
    attach: (handle: unknown): void => join(subject.attach!(handle)),
    get: (working: number, milliseconds: number) => worker!.get(working, milliseconds),
  };
}

export type ScalingHandlers = ReturnType<typeof scalingHandlers>;

serve(async (data: BenchData) => {
  const subject = await loadBenchSubject(data.subject);
  const kind = keyKinds.find(({ name }) => name === data.kind);
  if (kind === undefined) throw new Error(`there is no kind of key '${data.kind}'`);
  return data.scaling === undefined
    ? aloneHandlers(subject, kind, data)
    : scalingHandlers(subject, kind, data);
});
