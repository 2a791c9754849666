// Makes a core of a compiled module. Apart from `core.ts`, for it needs Binaryen, which takes half a second
// to load, and those that are sent a core do not.
import { asyncify } from "./asyncify.ts";
import { type Core, openCore } from "./core.ts";
import { instrument } from "./instrument.ts";

export interface CoreOptions {
  /** Functions whose calls and returns are announced; see `InstrumentOptions`. */
  readonly watch?: readonly string[];
  /** The module's source map as JSON. Without it, sites are offsets. */
  readonly sourceMap?: string;
  /** See `AsyncifyOptions`. */
  readonly optimize?: number;
}

/** Instruments and compiles `binary`, the bytes of a module that imports a shared `env.memory`. */
export function prepareCore(binary: Uint8Array, options: CoreOptions = {}): Core {
  const { watch = [], optimize, sourceMap } = options;
  const { bytes, sites, watched, globals } = instrument(binary, { watch });
  const asyncified = asyncify(bytes, optimize === undefined ? {} : { optimize });
  const module = new WebAssembly.Module(asyncified as BufferSource);
  return openCore({ module, sites, watched, globals, sourceMap });
}
