// A compiled module, ready to be explored.
import { asyncify } from "./asyncify.ts";
import { instrument, type Site } from "./instrument.ts";
import { parseSourceMap } from "./source-map.ts";
import { kindNames } from "./wasm/access.ts";

/** An instrumented module with what is known of its code. */
export interface Core {
  readonly module: WebAssembly.Module;
  readonly sites: readonly Site[];
  /** Full names of the watched functions. */
  readonly watched: readonly string[];
  /** Exports of the mutable globals, which belong to a thread. */
  readonly globals: readonly string[];
  /** `i32.store in insert (leaf.ts:41)`: a site, for people. */
  describe(site: number): string;
}

export interface CoreOptions {
  /** Functions whose calls and returns are announced; see `InstrumentOptions`. */
  readonly watch?: readonly string[];
  /** The module's source map as JSON. Without it, sites are offsets. */
  readonly sourceMap?: string;
  /** 0 to 3, for Binaryen's optimiser. */
  readonly optimize?: number;
}

/** Instruments and compiles `binary`, the bytes of a module that imports a shared `env.memory`. */
export function prepareCore(binary: Uint8Array, options: CoreOptions = {}): Core {
  const { watch = [], optimize } = options;
  const { bytes, sites, watched, globals } = instrument(binary, { watch });
  const asyncified = asyncify(bytes, optimize === undefined ? {} : { optimize });
  const map = options.sourceMap === undefined ? undefined : parseSourceMap(options.sourceMap);
  return {
    module: new WebAssembly.Module(asyncified as BufferSource),
    sites,
    watched,
    globals,
    describe(site) {
      if (site >= sites.length) return watched[site - sites.length] ?? `site ${site}`;
      const { kind, width, function: name, offset } = sites[site]!;
      const bits = width === 0 ? "" : ` ${width * 8} bits`;
      return `${kindNames[kind]}${bits} in ${name} (${map?.lineAt(offset) ?? `offset ${offset}`})`;
    },
  };
}
