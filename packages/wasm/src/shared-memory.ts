import { MassTreeBadOptionError, MassTreeUnsupportedError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import type { WasmMemory } from "./wasm-types.ts";

/** Bytes in a WebAssembly page, the unit in which memories are created and grown. */
export const WASM_PAGE_BYTES = 65536;

const mostPages = 65536;

/**
 * Creates a zeroed WebAssembly memory that threads can share.
 *
 * @param initialPages the size at first, in pages of 64 KiB: an integer from 0 to `maximumPages`
 * @param maximumPages the largest size it can grow to, in pages of 64 KiB: an integer from 0 to
 *   65,536 (4 GiB). This reserves addresses, not memory.
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for any other value
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) if the platform has no shared memory or
 *   cannot reserve this much
 */
export function createSharedMemory(initialPages: number, maximumPages: number): WasmMemory {
  checkPages("maximumPages", maximumPages, mostPages);
  checkPages("initialPages", initialPages, maximumPages);
  // Some browsers create the memory on any page, and then refuse to send it to a worker.
  if (typeof SharedArrayBuffer === "undefined") throw new MassTreeUnsupportedError(notShared);
  try {
    return new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages, shared: true });
  } catch (cause) {
    throw new MassTreeUnsupportedError(
      `This platform refused a shared WebAssembly memory of ${initialPages} to ${maximumPages} pages of 64 KiB. Ask for a smaller maximum, and release memories that you no longer need.`,
      { cause },
    );
  }
}

/**
 * Whether a value is a shared WebAssembly memory, of any realm: one may be received in another than this
 * code runs in, such as a context of `node:vm`, an iframe or a test runner's. Asks the engine itself, and
 * runs none of the value's code.
 */
export function isSharedMemory(memory: unknown): memory is WasmMemory {
  try {
    return bufferOf !== undefined && sharedBytesOf?.call(bufferOf.call(memory)) !== undefined;
  } catch {
    return false;
  }
}

// The engine's own accessors take objects of any realm, and nothing else. Where these are missing there
// is no shared memory either.
const bufferOf = /* @__PURE__ */ accessor(() => globalThis.WebAssembly?.Memory, "buffer");
const sharedBytesOf = /* @__PURE__ */ accessor(() => globalThis.SharedArrayBuffer, "byteLength");

/**
 * What reads a property of a built-in class's objects; it throws for anything else. The class is behind a
 * function so that bundlers can leave out an accessor that nobody uses.
 */
function accessor(
  classOf: () => { readonly prototype: object } | undefined,
  name: string,
): ((this: unknown) => unknown) | undefined {
  const builtIn = classOf();
  return builtIn && Object.getOwnPropertyDescriptor(builtIn.prototype, name)?.get;
}

function checkPages(name: string, pages: unknown, most: number): void {
  if (Number.isInteger(pages) && (pages as number) >= 0 && (pages as number) <= most) return;
  throw new MassTreeBadOptionError(
    `'${name}' must be a number of pages from 0 to ${most}, not ${describe(pages)}.`,
  );
}

const notShared =
  "This platform has no shared memory. In a browser, serve the page with the headers 'Cross-Origin-Opener-Policy: same-origin' and 'Cross-Origin-Embedder-Policy: require-corp'.";
