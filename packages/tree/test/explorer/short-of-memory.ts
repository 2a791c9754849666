// What the programs about calls that are short of memory rest on: each such call needs the blocks that it is
// refused, and no more than these.
import { type Core, Explorer } from "@tooling/interleave";
import { expect } from "vitest";
import { failing } from "./operations.ts";
import { treeProgram } from "./program.ts";
import type { Shape } from "./shape.ts";

/** Refuses the calls of all shapes block after block. Returns the names of the shapes in which a `set` gave up. */
export function refuse(core: Core, all: readonly Shape[]): string[] {
  const refused: string[] = [];
  for (const shape of all) {
    for (const [call, blocks] of shape.scarce ?? []) {
      const missing = (nth: number) => {
        const short = failing(call, nth);
        const { machine } = new Explorer(core, treeProgram({ ...shape, threads: [[short]] }));
        machine.restore();
        short.before?.(machine, 0);
        const [thread] = machine.threads;
        const result = machine.call(thread!, short.call, ...(short.args ?? []));
        const { value } = thread!.exports.failAfter as WebAssembly.Global;
        return { wasMissed: value === -1, result };
      };
      if (blocks !== 0) {
        expect(missing(0).wasMissed, `${shape.name}: ${call.name} needs a block`).toBe(true);
      }
      expect(missing(blocks).wasMissed, `${shape.name}: ${call.name} needs no more`).toBe(false);
      if (call.input?.does === "set" && missing(0).result === 2) refused.push(shape.name);
    }
  }
  return refused;
}
