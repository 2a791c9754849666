// Tests that a mortal module dies before the chosen write, with all earlier writes done and no later one.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mortal } from "@tooling/assemblyscript/crash";
import { expect, test } from "vitest";

const command = fileURLToPath(new URL("../bin/build-wasm.js", import.meta.url));

// Every kind of write, each to its own word, and some reads, which do not count.
const source = `
  let own: i32 = 1;
  export function write(from: usize): i32 {
    store<u8>(from, 1);
    store<u64>(from + 8, load<u32>(from));
    atomic.store<u16>(from + 16, 1);
    own += atomic.add<i32>(from + 24, 1);
    atomic.cmpxchg<i64>(from + 32, 0, atomic.load<i64>(from) | 1);
    memory.fill(from + 40, 1, 1);
    memory.copy(from + 48, from + 40, 1);
    v128.store(from + 56, i8x16.splat(1));
    own += memory.grow(1);
    return own;
  }`;
const places = [0, 8, 16, 24, 32, 40, 48, 56];

function compile(): Uint8Array {
  const directory = mkdtempSync(join(tmpdir(), "mortal-"));
  try {
    mkdirSync(join(directory, "assembly"));
    writeFileSync(join(directory, "assembly", "index.ts"), source);
    const config = [{ name: "sample", entry: "assembly/index.ts" }];
    writeFileSync(
      join(directory, "wasm.config.mjs"),
      `export default ${JSON.stringify(config)};\n`,
    );
    const { status } = spawnSync(process.execPath, [command], { cwd: directory });
    expect(status).toBe(0);
    return readFileSync(join(directory, "build/sample.wasm"));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Exports {
  write(from: number): number;
  writesLeft: WebAssembly.Global<"i32">;
}

test("a mortal module dies before each write in turn, and never if not told to", () => {
  const module = new WebAssembly.Module(mortal(compile()) as BufferSource);
  for (let writes = -1; writes <= places.length + 1; writes++) {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
    const { write, writesLeft } = new WebAssembly.Instance(module, { env: { memory } })
      .exports as unknown as Exports;
    expect(writesLeft.value).toBe(-1);
    writesLeft.value = writes;
    const told = writes >= 0 && writes <= places.length;
    if (told) expect(() => write(64)).toThrow(WebAssembly.RuntimeError);
    else expect(write(64)).toBe(2);
    if (told) expect(writesLeft.value).toBe(0);
    const bytes = new Uint8Array(memory.buffer);
    const done = told ? writes : places.length;
    expect(places.map((place) => bytes[64 + place])).toEqual(places.map((_, i) => +(i < done)));
    expect(memory.buffer.byteLength).toBe(told ? 65536 : 2 * 65536);
  }
});
