import { MassTreeBadHandleError } from "@masstree/errors";
import { compileEmbedded, instantiate, isSharedMemory, type WasmMemory } from "@masstree/wasm";
import { wasm } from "./generated/header.ts";
import type { HeaderExports } from "./generated/header-exports.ts";
import { CONFIG_WORDS, LAYOUT_VERSION, OK, PAGE_BYTES } from "./generated/memory-exports.ts";

/** What a region says of itself. */
export interface RegionHeader {
  /** The version of the layout of regions that this package makes and accepts. */
  readonly layoutVersion: number;
  /** Bytes that the region never exceeds. */
  readonly maxBytes: number;
  /** The eight configuration words, unsigned, whose meaning is the region's owner's. */
  readonly config: readonly number[];
}

/**
 * Reads the header of a region that another thread may be using.
 *
 * @param memory what was received as a region's memory; anything may be passed
 * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`) when it is not a shared memory, holds no
 *   region, or one of another layout version
 */
export function readHeader(memory: WasmMemory): RegionHeader {
  const exports = checkedRegion(memory);
  const config: number[] = [];
  for (let i = 0; i < CONFIG_WORDS; i++) config.push(exports.config(i) >>> 0);
  return {
    layoutVersion: exports.layoutVersion(),
    maxBytes: exports.maxPages() * PAGE_BYTES,
    config,
  };
}

/** A reader of the memory's header, once the memory has turned out to be a region of this layout. */
function checkedRegion(memory: WasmMemory): HeaderExports {
  if (!isSharedMemory(memory)) {
    throw new MassTreeBadHandleError(
      "This is not a shared WebAssembly.Memory. Pass the 'memory' of a region, or what another thread sent.",
    );
  }
  const exports = headerOver(memory);
  if (exports.checkRegion() === OK) return exports;
  throw new MassTreeBadHandleError(
    exports.isRegion()
      ? `This memory holds a region of layout version ${exports.layoutVersion()}; this package uses version ${LAYOUT_VERSION}. Use the same version of masstree in all threads.`
      : "This memory holds no region.",
  );
}

function headerOver(memory: WasmMemory): HeaderExports {
  try {
    return instantiate<HeaderExports>(compileEmbedded(wasm), memory);
  } catch (cause) {
    if (!(cause instanceof WebAssembly.LinkError)) throw cause;
    // Empty, or with a maximum beyond 4 GiB.
    throw new MassTreeBadHandleError("This memory holds no region.", { cause });
  }
}
