// The compiled trees that the tests open: tiny leaves (in which splits are common) and the published
// widths, with preconditions checked and small limits; and the published builds themselves.
import { readFileSync } from "node:fs";
import { instantiate, TreeInstance } from "./instance.ts";

export const widths = [3, 4, 7, 15, 24] as const;
export type Width = (typeof widths)[number];

const compiled = new Map<string, WebAssembly.Module>();

/** The module of a width: the build with checks, or with `released` the published one (15 and 24). */
export function moduleOf(width: Width, released: boolean = false): WebAssembly.Module {
  const name = `tree-${width}${released ? "" : "-debug"}`;
  let module = compiled.get(name);
  if (module === undefined) {
    const file = new URL(`../../build/${name}.wasm`, import.meta.url);
    module = new WebAssembly.Module(readFileSync(file));
    compiled.set(name, module);
  }
  return module;
}

export interface OpenOptions {
  released?: boolean;
  /** The most that the memory may grow to, in WebAssembly pages of 64 KiB. */
  maxPages?: number;
  /** What it has at first; the map grows it as it needs more. */
  initialPages?: number;
}

/** An empty map in a memory of its own, with this thread attached to it. */
export function open(width: Width, options: OpenOptions = {}): TreeInstance {
  const { released, maxPages = 4096, initialPages = 16 } = options;
  const module = moduleOf(width, released);
  const initial = Math.min(initialPages, maxPages);
  const memory = new WebAssembly.Memory({ initial, maximum: maxPages, shared: true });
  const status = instantiate(module, memory).create(maxPages, 0, 0);
  if (status !== 0) throw new Error(`create answered ${status}`);
  return new TreeInstance(module, memory);
}
