import { workerProgram } from "@tooling/vitest/worker";

const folder = new URL("../../reports/trust/", import.meta.url);

/** The compiled program of a thread: `name` is a file of this folder without its ending. */
export function programOf(name: string): URL {
  return workerProgram(new URL(`${name}.ts`, import.meta.url), folder);
}

/** The debug builds of this package. */
export const debugBuilds: string = new URL("../../build/", import.meta.url).href;
