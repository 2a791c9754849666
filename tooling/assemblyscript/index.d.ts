/** One module in a package's `wasm.config.mjs`, which exports an array of these. */
export interface WasmEntry {
  /**
   * The name in `build/<name>.wasm` and `src/generated/<name>.ts`. If it ends in `-debug` or `-test`, only tests use the
   * module: it is built before them, not with the package.
   */
  name: string;
  /** The module's source file, relative to the package. */
  entry: string;
  /** Compile-time constants, such as `{ WIDTH: 15 }`. */
  use?: Record<string, number | string>;
  /** Whether to write `src/generated/<name>.ts`. False if absent. */
  embed?: boolean;
  /** The imports that the module may have besides `env.memory`, as `module.name`. */
  imports?: string[];
  /**
   * What to generate for TypeScript. Modules may share one boundary if it is the same for each of
   * them. None if absent.
   */
  boundary?: Boundary;
}

/** The TypeScript that describes a module's exports and imports, and shares its constants. */
export interface Boundary {
  /** Names `src/generated/<file>.ts`. */
  file: string;
  /**
   * Names the interface of the exports, such as `TreeExports`. The type of the imports, if there are
   * any, is then `TreeImports`.
   */
  interface: string;
  /** A source whose exported constants and enums to share, relative to the package. None if absent. */
  constants?: string;
}
