import { compileEmbedded, type WasmModule } from "@masstree/wasm";

/**
 * The compiled modules of one kind of structure, one per variant, such as a width of nodes. A
 * variant is a compile-time constant, so each has its own module. A module is decoded and compiled
 * on first use.
 */
export class WasmModules {
  readonly #sources: Map<number, string | WasmModule>;

  /** @param sources what `compileEmbedded` takes, by variant */
  constructor(sources: Readonly<Record<number, string>>) {
    this.#sources = new Map(
      Object.entries(sources).map(([variant, text]) => [Number(variant), text]),
    );
  }

  /** The variants that have a module, in ascending order. */
  get variants(): number[] {
    return [...this.#sources.keys()].sort((a, b) => a - b);
  }

  /** Whether there is a module for `variant`. */
  has(variant: number): boolean {
    return this.#sources.has(variant);
  }

  /** The module for `variant`, which must be one of `variants`. */
  get(variant: number): WasmModule {
    const source = this.#sources.get(variant)!;
    return typeof source === "string" ? compileEmbedded(source) : source;
  }

  /**
   * Adds a variant, or replaces the module of one, for everything opened from now on: for variants that
   * have an entry of their own to be imported, and for tests.
   *
   * @param source compiled, or what `compileEmbedded` takes
   */
  add(variant: number, source: WasmModule | string): void {
    this.#sources.set(variant, source);
  }
}
