/*
 * WebAssembly's types, looked up through the global object. Naming them directly would not compile in
 * programs whose types lack `WebAssembly`, such as Node 20's types without the DOM's.
 */

/** `WebAssembly.Memory`. If the program's types lack it, an interface with its members. */
export type WasmMemory = typeof globalThis extends {
  WebAssembly: { Memory: { readonly prototype: infer Memory } };
}
  ? Memory
  : { readonly buffer: ArrayBufferLike; grow(delta: number): number };

/** `WebAssembly.Module`. If the program's types lack it, `object`. */
export type WasmModule = typeof globalThis extends {
  WebAssembly: { Module: { readonly prototype: infer Module } };
}
  ? Module
  : object;

/** What a module imports, by module name and import name: `WebAssembly.Imports`. */
export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
