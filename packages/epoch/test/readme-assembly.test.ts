// Compiles the README's AssemblyScript example and runs it.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { instantiate } from "@masstree/wasm";
import asc from "assemblyscript/asc";
import { expect, test } from "vitest";
import { createRegion, must } from "./module.ts";

const directory = fileURLToPath(new URL("..", import.meta.url));

async function compileExample(): Promise<WebAssembly.Module> {
  const readme = await readFile(`${directory}README.md`, "utf8");
  const [, source] = /^```ts assembly\n(.*?)^```$/ms.exec(readme)!;
  // Within the package it has no name of its own.
  const scratch = await mkdtemp(`${directory}build/readme-`);
  try {
    const entry = `${scratch.slice(directory.length)}/example.ts`;
    await writeFile(
      directory + entry,
      source!.replace("@masstree/epoch/assembly", "../../assembly"),
    );
    let binary: Uint8Array<ArrayBuffer> | undefined;
    const flags =
      "--runtime stub --importMemory --sharedMemory --maximumMemory 65536 --enable threads,bulk-memory --use DEBUG=0 --use abort= -O3";
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

test("the example in AssemblyScript replaces blocks, and wipes and frees the old ones", async () => {
  const { memory, module } = createRegion();
  const example = instantiate<{
    replace(participant: number, word: number, value: number): number;
  }>(await compileExample(), memory);
  const me = must(module.register());
  const word = must(module.allocate(me, 16));
  const first = must(module.allocate(me, 64));
  const words = new Int32Array(memory.buffer);
  words[first / 4] = 41;
  words[word / 4] = first;
  expect(example.replace(me, word, 42)).toBe(41);
  expect(example.replace(me, word, 43)).toBe(42);
  expect(words[words[word / 4]! / 4]).toBe(43);
  expect(module.retiredBlocks()).toBe(2);
  for (let i = 0; i < 200; i++) example.replace(me, word, i);
  expect(module.retiredBlocks()).toBeLessThan(130);
  expect(module.drain(me)).toBe(1);
  expect(module.liveBlocks()).toBe(2);
});
