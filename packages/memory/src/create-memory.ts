import { badOption, checkNames } from "@masstree/errors/options";
import { createSharedMemory, WASM_PAGE_BYTES, type WasmMemory } from "@masstree/wasm";

/** How large a memory is at first, and may become. */
export interface MemoryOptions {
  /**
   * Bytes at first: 65,536 to `maxBytes`, rounded up to a multiple of 65,536. 1 MiB if absent, or
   * `maxBytes` if that is less.
   */
  initialBytes?: number | undefined;
  /**
   * Bytes that it never exceeds: 65,536 to 4 GiB, rounded down to a multiple of 65,536. 4 GiB if
   * absent. This reserves addresses; memory is taken as it is used.
   */
  maxBytes?: number | undefined;
}

/** The sizes of a memory in WebAssembly's pages of 65,536 bytes. */
export interface MemoryPages {
  readonly initialPages: number;
  readonly maximumPages: number;
}

const defaultInitialBytes = 2 ** 20;
const largestBytes = 2 ** 32;

/**
 * Checks the options of `createMemory` and says what they come to.
 *
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for an unknown option, and for sizes that are
 *   no numbers, out of their range, or contradict each other
 */
export function memoryPages(options: MemoryOptions = {}): MemoryPages {
  checkNames(options, ["initialBytes", "maxBytes"]);
  const { maxBytes = largestBytes } = options;
  check("maxBytes", maxBytes, largestBytes);
  const { initialBytes = Math.min(defaultInitialBytes, maxBytes) } = options;
  check("initialBytes", initialBytes, maxBytes);
  const maximumPages = Math.floor(maxBytes / WASM_PAGE_BYTES);
  const initialPages = Math.min(Math.ceil(initialBytes / WASM_PAGE_BYTES), maximumPages);
  return { initialPages, maximumPages };
}

function check(name: string, bytes: unknown, most: number): void {
  if (typeof bytes === "number" && bytes >= WASM_PAGE_BYTES && bytes <= most) return;
  throw badOption(name, `a number of bytes from ${WASM_PAGE_BYTES} to ${most}`, bytes);
}

/**
 * Makes a zeroed shared memory of the given sizes. It is no region yet: `Region.create`, or a module
 * that calls `createRegion(memoryPages(options).maximumPages)`, makes it one.
 *
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) as `memoryPages` does
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) where there is no shared memory, or no
 *   room for the addresses
 */
export function createMemory(options: MemoryOptions = {}): WasmMemory {
  const { initialPages, maximumPages } = memoryPages(options);
  return createSharedMemory(initialPages, maximumPages);
}
