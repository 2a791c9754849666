import { badOption, checkNames } from "@masstree/errors/options";

/** When `waitForSync` returns. */
export interface WaitSyncOptions<V> {
  /** Whether a value is the one that is waited for. Without it, any value is. */
  readonly until?: ((value: V) => boolean) | undefined;
  /** In milliseconds, from 0. Default: without limit, as is `Infinity`. */
  readonly timeout?: number | undefined;
}

/** What is used of an `AbortSignal`, which is one. Declared here, because not every project has the type. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** When `waitFor` settles. */
export interface WaitOptions<V> extends WaitSyncOptions<V> {
  /** An `AbortSignal`. It ends the wait: the promise is rejected with its `reason`. */
  readonly signal?: AbortSignalLike | undefined;
}

/** How watching ends from outside. */
export interface WatchOptions {
  /** An `AbortSignal`. It ends the watch: the iteration is rejected with its `reason`. */
  readonly signal?: AbortSignalLike | undefined;
}

const syncNames = ["until", "timeout"] as const;
const names = [...syncNames, "signal"] as const;

/**
 * What a caller passed as options, each read once.
 *
 * @param isSync whether there is no `signal`
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 * @internal
 */
export function readWaitOptions<V>(options: unknown, isSync: boolean): WaitOptions<V> {
  if (options === undefined) return {};
  checkNames(options, isSync ? syncNames : names);
  const { until, timeout, signal } = options as WaitOptions<V>;
  if (until !== undefined && typeof until !== "function") {
    throw badOption("until", "a function", until);
  }
  // Not a number: NaN as well.
  if (timeout !== undefined && !(typeof timeout === "number" && timeout >= 0)) {
    throw badOption("timeout", "a number of milliseconds, 0 or more", timeout);
  }
  return { until, timeout, signal: checkSignal(signal) };
}

/**
 * What a caller passed as options of `watch`.
 *
 * @returns the signal, if there is one
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 * @internal
 */
export function readWatchOptions(options: unknown): AbortSignalLike | undefined {
  if (options === undefined) return undefined;
  checkNames(options, ["signal"]);
  return checkSignal((options as WatchOptions).signal);
}

function checkSignal(signal: AbortSignalLike | undefined): AbortSignalLike | undefined {
  if (signal === undefined || isSignal(signal)) return signal;
  throw badOption("signal", "an AbortSignal", signal);
}

function isSignal(signal: unknown): boolean {
  return (
    typeof signal === "object" &&
    signal !== null &&
    "aborted" in signal &&
    "addEventListener" in signal &&
    typeof signal.addEventListener === "function"
  );
}
