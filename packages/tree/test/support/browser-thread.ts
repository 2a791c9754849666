// Threads of a browser, all in this one: each has its own copy of the package's modules, loaded where
// there is no Node but an agent of an origin (@tooling/browsers/origin). So each has its own thread-ends.ts, and what
// that does is what a page or a worker does.
//
// A thread dies by never being called again. With a mortal build (`@tooling/assemblyscript/crash`) it
// does so in the middle of a write.
import { readFileSync } from "node:fs";
import { mortal } from "@tooling/assemblyscript/crash";
import { Agent, type Origin } from "@tooling/browsers/origin";
import { vi } from "vitest";
import type { MapHandle } from "../../src/index.ts";
import type { WordMap } from "../word-map.ts";

// The debug builds do not ask their host who has ended.
const build = new URL("../../build/tree-15.wasm", import.meta.url);
const mortalBuild = new WebAssembly.Module(mortal(readFileSync(build)));

const width = 15;

// A map that is collected is closed, which a dead thread does not do.
const kept: WordMap[] = [];

export class BrowserThread {
  readonly agent: Agent;
  readonly #WordMap: typeof WordMap;

  /** @param globals what is to be found instead of, or besides, what an agent has */
  static async start(origin: Origin, globals: object = {}): Promise<BrowserThread> {
    const agent = new Agent(origin);
    const { getBuiltinModule } = process;
    const { BroadcastChannel, locks } = agent;
    const found = { BroadcastChannel, navigator: { locks }, ...globals };
    for (const [name, value] of Object.entries(found)) vi.stubGlobal(name, value);
    vi.resetModules();
    try {
      Object.assign(process, { getBuiltinModule: undefined });
      const [map, { treeModules }] = await Promise.all([
        import("../word-map.ts"),
        import("../../src/index.ts"),
      ]);
      treeModules.add(width, mortalBuild);
      return new BrowserThread(agent, map.WordMap);
    } finally {
      Object.assign(process, { getBuiltinModule });
      vi.unstubAllGlobals();
    }
  }

  private constructor(agent: Agent, map: typeof WordMap) {
    this.agent = agent;
    this.#WordMap = map;
  }

  create(): WordMap {
    return this.#kept(new this.#WordMap({ width }));
  }

  attach(handle: MapHandle): WordMap {
    return this.#kept(this.#WordMap.attach(handle));
  }

  /** Has this thread die in `operation`, before the write to memory that is number `writes`, from 0. */
  dieIn(map: WordMap, writes: number, operation: () => void): void {
    const { writesLeft } = map.tree.exports as unknown as { writesLeft: WebAssembly.Global };
    writesLeft.value = writes;
    try {
      operation();
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    }
    this.agent.die();
  }

  #kept(map: WordMap): WordMap {
    kept.push(map);
    return map;
  }
}
