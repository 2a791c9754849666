// The rest of Node's modules that the benchmark imports. A page has no files: what only makes and removes folders does
// nothing, and what would read files fails.

const refuse = (): never => {
  throw new Error("a page has no files");
};

// node:fs and node:fs/promises
export const mkdtempSync = (): string => "";
export const rmSync = (): void => {};
export const mkdir = async (): Promise<void> => {};
export const mkdtemp = async (): Promise<string> => "";
export const rm = async (): Promise<void> => {};
export const createReadStream = refuse;
export const open = refuse;
export const opendir = refuse;
export const readdir = refuse;
export const readFile = refuse;
export const stat = refuse;

// node:path and node:url
export const join = (...parts: readonly string[]): string => parts.join("/");
export const relative = refuse;
export const resolve = refuse;
export const sep = "/";

// node:os. Browsers tell at most 8 GiB.
export const tmpdir = (): string => "";
export const totalmem = (): number =>
  ((navigator as { deviceMemory?: number }).deviceMemory ?? 4) * 2 ** 30;

// node:v8 and node:vm. A page can collect garbage only if its browser was started so.
export const setFlagsFromString = (): void => {};
export const runInNewContext = (): (() => void) =>
  (globalThis as { gc?: () => void }).gc ?? (() => {});
/** Unknown: what is computed from it cannot be taken for a figure. */
export const getHeapStatistics = (): { used_heap_size: number } => ({
  used_heap_size: Number.NaN,
});

// node:perf_hooks
export const monitorEventLoopDelay = refuse;
export const PerformanceObserver = globalThis.PerformanceObserver;
