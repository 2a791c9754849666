// Ctrl-C, and the signals of those who want the program gone.
import type { Progress } from "./progress.ts";

const statusOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Ends the process at once when it is told to, with a line that says what it was doing. Ending the
 * process ends its workers, wherever they are: no step is waited for.
 */
export function endOnSignals(progress: Progress): void {
  for (const [signal, status] of Object.entries(statusOf)) {
    // Stays registered: a shell and a parent may both send the signal.
    process.on(signal, () => {
      const during = progress.current;
      progress.fail();
      process.stderr.write(
        `Interrupted${during === undefined ? "" : ` during '${during}'`}; all threads are stopped.\n`,
      );
      process.exit(status);
    });
  }
}
