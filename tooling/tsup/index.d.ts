import type { Options } from "tsup";

export interface Entries {
  /** Source files, each of which becomes `dist/<name>.js`; or names mapped to source files. */
  entry: string[] | Record<string, string>;
}

/** A published package: ES modules, declarations and source maps in `dist/`. */
export function library(entries: Entries): Options;

/** A program that is run, never imported: no declarations. */
export function app(entries: Entries): Options;

/** The parts of a program that a browser runs, with all that they import: `dist/page/<name>.js`. */
export function page(entries: Entries): Options;
