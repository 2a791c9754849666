/** Runs a program, the text of a module, in an engine whose Symbol has no dispose. */
export function oldEngine(program: string): {
  status: number | null;
  stderr: string;
  stdout: string;
};
