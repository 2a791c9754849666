// Directories that are gone afterwards, whatever happens: a signal ends the process where it is, and runs no `finally`.
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

/** What has to go if this process ends early. */
const directories = new Set<string>();
process.on("exit", () => {
  for (const directory of directories) removeDirectory(directory);
});

/**
 * Runs `use` with a new, empty directory, which is removed afterwards.
 *
 * @param under where it is made
 * @param prefix its name begins with it
 */
export async function inDirectory<T>(
  under: string,
  prefix: string,
  use: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(under, prefix));
  directories.add(directory);
  try {
    return await use(directory);
  } finally {
    directories.delete(directory);
    removeDirectory(directory);
  }
}

/** Some systems keep files for a moment after the process that had them open. */
export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
