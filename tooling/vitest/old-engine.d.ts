/** Runs the text of a module as a program, in an engine without `Symbol.dispose`. */
export function oldEngine(program: string): {
  status: number | null;
  stderr: string;
  stdout: string;
};
