import { MassTreeUnsupportedError } from "@masstree/errors";

const compiled = new Map<string, WebAssembly.Module>();

/**
 * Compiles a module that is embedded in the JavaScript as text, once per text and thread.
 *
 * Synchronous. Browsers compile modules of up to 8 MB synchronously on their main thread.
 *
 * @param base64 the bytes of a `.wasm` file in standard base64, without line breaks
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) when the platform has no WebAssembly,
 *   or one without threads, SIMD or bulk memory
 */
export function compileEmbedded(base64: string): WebAssembly.Module {
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
    throw new MassTreeUnsupportedError(
      "This platform cannot compile WebAssembly with threads, SIMD and bulk memory. Use Node 20.19 or newer, Deno, Bun, or a current browser whose content security policy allows 'wasm-unsafe-eval'.",
      { cause },
    );
  }
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
