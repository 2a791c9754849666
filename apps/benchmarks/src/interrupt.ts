// Handles Ctrl-C and the other signals that ask the program to stop.
import { status } from "./failure.ts";
import type { Progress } from "./progress.ts";

const statusOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Ends the process at once on a signal, and prints a line that says what it was doing. Ending the
 * process also ends its workers, so nothing waits for the current step.
 */
export function endOnSignals(progress: Progress): void {
  for (const [signal, status] of Object.entries(statusOf)) {
    // `on`, not `once`: a shell and a parent may both send the signal.
    process.on(signal, () => {
      const during = progress.current;
      progress.fail();
      process.stderr.write(
        `Interrupted${during === undefined ? "" : ` during '${during}'`}; all threads have stopped.\n`,
      );
      process.exit(status);
    });
  }
}

/**
 * Aborts `stop` on the first signal, so that the run can end in order, and ends the process on the second.
 *
 * @returns a function that stops listening, and tells the exit status: success, or that of the signal
 */
export function onSignals(stop: AbortController, progress: Progress): () => number {
  let given: number = status.success;
  const listeners = Object.entries(statusOf).map(([signal, number]) => {
    const listener = (): void => {
      if (stop.signal.aborted) process.exit(number);
      given = number;
      const during = progress.current;
      progress.fail();
      process.stderr.write(
        `Interrupted${during === undefined ? "" : ` during '${during}'`}; stopping all threads.\n`,
      );
      stop.abort();
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return () => {
    for (const remove of listeners) remove();
    return given;
  };
}
