// Handles Ctrl-C and the other signals that ask the program to stop.
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
