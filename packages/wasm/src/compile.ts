import { MassTreeBadOptionError, MassTreeUnsupportedError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { hasFeatures } from "./has-features.ts";
import type { WasmModule } from "./wasm-types.ts";

const compiled = new Map<string, WebAssembly.Module>();

/**
 * Compiles a module that is embedded in the JavaScript as text, once per text and thread.
 *
 * Synchronous. Browsers compile modules of up to 8 MB synchronously on their main thread.
 *
 * @param base64 the bytes of a `.wasm` file in standard base64, without line breaks. Of what came
 *   after the first WebAssembly, the module may use threads, SIMD and bulk memory.
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) when `base64` is no string, no base64, or
 *   that of no such module
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) when the platform has no WebAssembly,
 *   one without threads, SIMD or bulk memory, or refuses to compile here
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
    // Engines say CompileError both of what is no module and of what they do not know yet.
    if (hasFeatures() && cause instanceof WebAssembly.CompileError) {
      throw new MassTreeBadOptionError(
        "This is the base64 of no WebAssembly module, or of one that needs more than threads, SIMD and bulk memory. The error's cause says where. Embed the whole '.wasm' file.",
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
