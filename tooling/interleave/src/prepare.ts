// Makes a core of a compiled module. Apart from `core.ts`, for it needs Binaryen, which takes half a second
// to load, and those that are sent a core do not.
import { asyncify } from "./asyncify.ts";
import { type Core, openCore } from "./core.ts";
import { instrument, type Site } from "./instrument.ts";
import { parseSourceMap } from "./source-map.ts";
import { Kind } from "./wasm/access.ts";

export interface CoreOptions {
  /** Functions whose calls and returns are announced; see `InstrumentOptions`. */
  readonly watch?: readonly string[];
  /** The module's source map as JSON. Without it, sites are offsets. */
  readonly sourceMap?: string;
  /**
   * The ends of the names of source files whose plain loads are no steps, for nobody uses the words: they
   * only bring lines into the cache. Needs the source map.
   */
  readonly hints?: readonly string[];
  /** See `AsyncifyOptions`. */
  readonly optimize?: number;
}

/** Instruments and compiles `binary`, the bytes of a module that imports a shared `env.memory`. */
export function prepareCore(binary: Uint8Array, options: CoreOptions = {}): Core {
  const { watch = [], hints = [], optimize, sourceMap } = options;
  const map = sourceMap === undefined ? undefined : parseSourceMap(sourceMap);
  const ignore = ({ kind, offset, body }: Site): boolean => {
    if (kind !== Kind.PlainLoad) return false;
    const file = map?.lineAt(offset, ...body)?.replace(/:\d+$/, "");
    return file !== undefined && hints.some((hint) => file.endsWith(hint));
  };
  const { bytes, sites, watched, globals } = instrument(binary, { watch, ignore });
  const asyncified = asyncify(bytes, optimize === undefined ? {} : { optimize });
  const module = new WebAssembly.Module(asyncified as BufferSource);
  return openCore({ module, sites, watched, globals, sourceMap });
}
