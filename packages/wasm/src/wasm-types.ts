/*
 * WebAssembly's types, by way of the global object: to name them would be an error in programs whose types
 * have no `WebAssembly`, as those for Node 20 without the DOM's.
 */

/** `WebAssembly.Memory`; where a program's types have none, what there is to a memory. */
export type WasmMemory = typeof globalThis extends {
  WebAssembly: { Memory: { readonly prototype: infer Memory } };
}
  ? Memory
  : { readonly buffer: ArrayBufferLike; grow(delta: number): number };

/** `WebAssembly.Module`; where a program's types have none, an object. */
export type WasmModule = typeof globalThis extends {
  WebAssembly: { Module: { readonly prototype: infer Module } };
}
  ? Module
  : object;

/** What a module imports, by module name and name: `WebAssembly.Imports`. */
export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
