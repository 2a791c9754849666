import type { WasmImports, WasmMemory, WasmModule } from "./wasm-types.ts";

/**
 * Instantiates a module over a memory, synchronously.
 *
 * The module imports the memory as `env.memory`. Instantiating is cheap: it compiles nothing. If the
 * module has no data segments and no start function, it does not touch the memory either, so every
 * thread can make its own instance over the same shared memory.
 *
 * @typeParam Exports what the module exports; not checked
 * @param module what `compileEmbedded` returned
 * @param memory the memory that the module works on; must be shared if the module imports it as
 *   shared
 * @param imports further imports, by module name; `env.memory` is always `memory`
 * @throws TypeError or WebAssembly.LinkError, from the engine, if an import is missing, or if the
 *   memory's limits or sharing do not match what the module imports
 */
export function instantiate<Exports>(
  module: WasmModule,
  memory: WasmMemory,
  imports: WasmImports = {},
): Exports {
  const { env } = imports;
  const all = { ...imports, env: { ...env, memory } } as WebAssembly.Imports;
  const instance = new WebAssembly.Instance(module, all);
  return instance.exports as Exports;
}
