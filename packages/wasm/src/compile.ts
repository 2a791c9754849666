import { MassTreeBadOptionError, MassTreeUnsupportedError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { hasFeatures } from "./has-features.ts";
import type { WasmModule } from "./wasm-types.ts";

const compiled = new Map<string, WebAssembly.Module>();

/**
 * Compiles a module that is embedded in JavaScript as hexadecimal text. Each thread compiles a text
 * once: later calls return the same module.
 *
 * Synchronous. Browsers compile modules of up to 8 MB synchronously on their main thread.
 *
 * @param hex the bytes of a `.wasm` file, two hexadecimal digits each, in either case, with nothing
 *   between them. Beyond the first version of WebAssembly, the module may use threads, SIMD and bulk
 *   memory.
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if `hex` is not a string, is not such text,
 *   or does not encode such a module
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) if the platform has no WebAssembly, lacks
 *   threads, SIMD or bulk memory, or refuses to compile in this thread
 */
export function compileEmbedded(hex: string): WasmModule {
  let module = compiled.get(hex);
  if (module === undefined) {
    module = compile(decode(hex));
    compiled.set(hex, module);
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
        "This text is not a WebAssembly module, or the module needs more than threads, SIMD and bulk memory. The error's cause says where. Embed the whole '.wasm' file.",
        { cause },
      );
    }
    throw new MassTreeUnsupportedError(
      "This platform cannot compile WebAssembly with threads, SIMD and bulk memory. Use Node 20.19 or newer, Deno, Bun, or a current browser whose content security policy allows 'wasm-unsafe-eval'.",
      { cause },
    );
  }
}

function decode(hex: unknown): Uint8Array<ArrayBuffer> {
  if (typeof hex !== "string" || hex.length % 2 !== 0 || /[^\da-fA-F]/.test(hex)) {
    throw new MassTreeBadOptionError(
      `A module must be a string of two hexadecimal digits for each byte, not ${describe(hex)}.`,
    );
  }
  return (Uint8Array as FromHex).fromHex?.(hex) ?? fromHex(hex);
}

/** What engines of 2025 and later have, and do ten times as fast. */
interface FromHex {
  fromHex?(hex: string): Uint8Array<ArrayBuffer>;
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < hex.length; i++) {
    const character = hex.charCodeAt(i);
    // The codes of digits end in their value. Those of letters are from 64 on, and end in 1 for "a".
    const digit = (character & 15) + (character >> 6) * 9;
    bytes[i >> 1] = (bytes[i >> 1]! << 4) | digit;
  }
  return bytes;
}
