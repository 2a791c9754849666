// A compiled module, ready to be explored.
import type { Site } from "./instrument.ts";
import { parseSourceMap } from "./source-map.ts";
import { kindNames } from "./wasm/access.ts";

/** An instrumented module with what is known of its code. Can be sent to worker threads. */
export interface CoreData {
  readonly module: WebAssembly.Module;
  readonly sites: readonly Site[];
  /** Full names of the watched functions. */
  readonly watched: readonly string[];
  /** Exports of the mutable globals, which belong to a thread. */
  readonly globals: readonly string[];
  readonly sourceMap: string | undefined;
}

/** As `CoreData`, and able to name its places. */
export interface Core extends CoreData {
  /** `store 32 bits in insert (leaf.ts:41)`: a site, for people. */
  describe(site: number): string;
  /** `leaf.ts:41`: the file and line of a site, if known. */
  lineOf(site: number): string | undefined;
}

/** Completes a core that came from another thread. */
export function openCore(data: CoreData): Core {
  const { sites, watched, sourceMap } = data;
  const map = sourceMap === undefined ? undefined : parseSourceMap(sourceMap);
  const lineOf = (site: number): string | undefined => {
    const { offset, body } = sites[site]!;
    return map?.lineAt(offset, ...body);
  };
  const describe = (site: number): string => {
    const place = sites[site];
    // Calls of watched functions are numbered after the sites.
    if (place === undefined) return watched[site - sites.length] ?? `site ${site}`;
    const { kind, width, function: name, offset } = place;
    const line = lineOf(site) ?? `offset ${offset}`;
    const bits = width === 0 ? "" : ` ${width * 8} bits`;
    return `${kindNames[kind]}${bits} in ${name} (${line})`;
  };
  return { ...data, describe, lineOf };
}
