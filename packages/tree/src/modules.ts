import { compileEmbedded, type WasmModule } from "@masstree/wasm";
import { wasm as tree15 } from "./generated/tree-15.ts";
import { wasm as tree24 } from "./generated/tree-24.ts";

/**
 * The compiled modules of one kind of map, one per leaf width. A width is a compile-time constant of
 * the tree, so each has a module of its own; a module is decoded and compiled when the first map of
 * its width is made.
 */
export class WasmModules {
  readonly #sources: Map<number, string | WasmModule>;

  /** @param sources base64 text by width */
  constructor(sources: Readonly<Record<number, string>>) {
    this.#sources = new Map(Object.entries(sources).map(([width, text]) => [Number(width), text]));
  }

  /** The widths there are modules for, ascending. */
  get widths(): number[] {
    return [...this.#sources.keys()].sort((a, b) => a - b);
  }

  /** Whether there is a module for `width`. */
  has(width: number): boolean {
    return this.#sources.has(width);
  }

  /** The module for `width`, which must be one of `widths`. */
  get(width: number): WasmModule {
    const source = this.#sources.get(width)!;
    return typeof source === "string" ? compileEmbedded(source) : source;
  }

  /**
   * Adds a width, or replaces the module of one, for every map made from now on. For tests, which
   * use tiny leaves and builds that check their preconditions.
   */
  add(width: number, module: WasmModule): void {
    this.#sources.set(width, module);
  }
}

/** The tree with opaque 64-bit value words. */
export const treeModules: WasmModules = /* @__PURE__ */ new WasmModules({ 15: tree15, 24: tree24 });
