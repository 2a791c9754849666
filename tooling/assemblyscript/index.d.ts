/** One module of a package's `wasm.config.mjs`, which exports an array of these. */
export interface WasmEntry {
  /** Names `build/<name>.wasm` and `src/generated/<name>.ts`. */
  name: string;
  /** The module's source, relative to the package. */
  entry: string;
  /** Compile-time constants, such as `{ WIDTH: 15 }`. */
  use?: Record<string, number | string>;
  /** Whether to write `src/generated/<name>.ts`. False if absent. */
  embed?: boolean;
  /** Imports that the module may have besides `env.memory`, as `module.name`. */
  imports?: string[];
}
