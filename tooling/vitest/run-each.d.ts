/** How a command line ended, and what it wrote. */
export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs several command lines in one process. They have to end by themselves, without starting anything.
 *
 * @param main a module that exports `main(args): Promise<number>`
 */
export function runEach(
  main: URL,
  commandLines: readonly (readonly string[])[],
  options: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<Ended[]>;
