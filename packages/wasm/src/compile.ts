import { MassTreeBadOptionError, MassTreeUnsupportedError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { hasFeatures } from "./has-features.ts";
import type { WasmModule } from "./wasm-types.ts";

const compiled = new Map<string, WebAssembly.Module>();

/**
 * Compiles a module that is embedded in JavaScript as text. Each thread compiles a text once: later
 * calls return the same module.
 *
 * Synchronous. Browsers compile modules of up to 8 MB synchronously on their main thread.
 *
 * @param base64 the bytes of a `.wasm` file in standard base64, without line breaks. Beyond the
 *   first version of WebAssembly, the module may use threads, SIMD and bulk memory.
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if `base64` is not a string, is not base64,
 *   or does not encode such a module
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) if the platform has no WebAssembly, lacks
 *   threads, SIMD or bulk memory, or refuses to compile in this thread
 */
export function compileEmbedded(base64: string): WasmModule {
  let module = compiled.get(base64);
  if (module === undefined) {
    module = compile(decode(base64));
    compiled.set(base64, module);
  }
  return module;
}

function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    // Engines throw CompileError both for bytes that are not a module and for features they lack.
    if (hasFeatures() && cause instanceof WebAssembly.CompileError) {
      throw new MassTreeBadOptionError(
        "This base64 is not a WebAssembly module, or the module needs more than threads, SIMD and bulk memory. The error's cause says where. Embed the whole '.wasm' file.",
        { cause },
      );
    }
    throw new MassTreeUnsupportedError(
      "This platform cannot compile WebAssembly with threads, SIMD and bulk memory. Use Node 20.19 or newer, Deno, Bun, or a current browser whose content security policy allows 'wasm-unsafe-eval'.",
      { cause },
    );
  }
}

function decode(base64: unknown): Uint8Array<ArrayBuffer> {
  const text = toBinary(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function toBinary(base64: unknown): string {
  if (typeof base64 !== "string") throw notBase64(base64);
  try {
    return atob(base64);
  } catch (cause) {
    throw notBase64(base64, { cause });
  }
}

function notBase64(value: unknown, options?: ErrorOptions): MassTreeBadOptionError {
  return new MassTreeBadOptionError(
    `A module must be a string of standard base64, not ${describe(value)}.`,
    options,
  );
}
