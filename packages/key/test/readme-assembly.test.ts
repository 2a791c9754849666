// Compiles the README's AssemblyScript example and runs it.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createSharedMemory, instantiate } from "@masstree/wasm";
import asc from "assemblyscript/asc";
import fc from "fast-check";
import { expect, test } from "vitest";
import { byteOrder, collidingBytes } from "./helpers.ts";

const directory = fileURLToPath(new URL("..", import.meta.url));

interface Example {
  compareBySlices(a: number, aLength: number, b: number, bLength: number): number;
}

async function compileExample(): Promise<WebAssembly.Module> {
  const readme = await readFile(`${directory}README.md`, "utf8");
  const [, source] = /^```ts assembly\n(.*?)^```$/ms.exec(readme)!;
  // Within the package it has no name of its own.
  const scratch = await mkdtemp(`${directory}build/readme-`);
  try {
    const entry = `${scratch.slice(directory.length)}/example.ts`;
    await writeFile(directory + entry, source!.replace("@masstree/key/assembly", "../../assembly"));
    let binary: Uint8Array<ArrayBuffer> | undefined;
    const flags = "--runtime stub --importMemory --sharedMemory --maximumMemory 1 --enable threads";
    const { error, stderr } = await asc.main(
      [entry, "--baseDir", directory, "--outFile", "example.wasm", ...flags.split(" ")],
      {
        writeFile: (_, contents) => {
          binary = new Uint8Array(contents as Uint8Array);
        },
      },
    );
    if (error) throw new Error(stderr.toString());
    return new WebAssembly.Module(binary!);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

test("the example compares keys", async () => {
  const memory = createSharedMemory(1, 1);
  const { compareBySlices } = instantiate<Example>(await compileExample(), memory);
  const bytes = new Uint8Array(memory.buffer);
  fc.assert(
    fc.property(collidingBytes, collidingBytes, (a, b) => {
      bytes.set(a, 1000);
      bytes.set(b, 2000);
      expect(compareBySlices(1000, a.length, 2000, b.length)).toBe(byteOrder(a, b));
    }),
  );
});
