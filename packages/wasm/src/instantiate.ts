import type { WasmImports, WasmMemory, WasmModule } from "./wasm-types.ts";

/**
 * Instantiates a module over a memory, synchronously.
 *
 * The module finds the memory as `env.memory`. Instantiating is cheap (it compiles nothing) and,
 * for a module without data segments and start function, does not touch the memory: every thread
 * makes an instance of its own over the one shared memory.
 *
 * @typeParam Exports what the module exports; taken on trust
 * @param module what `compileEmbedded` returned
 * @param memory the memory that the module works on; shared if the module was compiled so
 * @param imports further imports by module name; `env.memory` is always `memory`
 * @throws TypeError, WebAssembly.LinkError as the engine does, when the module needs an import that
 *   is not there, or the memory's limits or sharing do not fit it
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
