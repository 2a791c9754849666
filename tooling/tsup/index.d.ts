import type { Options } from "tsup";

export interface Entries {
  /** Source files, or names mapped to source files. Each becomes `dist/<name>.js`. */
  entry: string[] | Record<string, string>;
}

/** Settings for a published package: ES modules, declarations and source maps in `dist/`. */
export function library(entries: Entries): Options;

/**
 * Settings for the same package in browsers, `dist/browser/<name>.js`, beside `library`: the package's condition
 * "browser" leads there. `import.meta.FOR_BROWSERS` is true, and what that makes unreachable is left out.
 */
export function libraryForBrowsers(entries: Entries): Options;

/**
 * Settings for a program. Nobody imports it, so it has no declarations. It includes what it imports, but for
 * its `dependencies` and the packages in `external`.
 */
export function app(entries: Entries & { external?: string[] }): Options;

/** Settings for the parts of a program that run in a browser: `dist/page/<name>.js`, all imports included. */
export function page(entries: Entries): Options;
