// Engines that lack what is newer than 2020, or what belongs to Node or the web: edge runtimes, workerd, jsdom.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const entries = ["index.js", "codecs.js", "save.js", "msgpack.js", "24.js"].map(
  (name) => new URL(`../dist/${name}`, import.meta.url).href,
);

/** Runs a program in a process without these globals, and without Node's own modules. */
async function run(without: string[], program: string): Promise<unknown> {
  const source = `
    process.getBuiltinModule = undefined;
    for (const name of ${JSON.stringify(without)}) delete globalThis[name];
    const say = process._rawDebug;
    ${program}
  `;
  const args = ["--input-type=module", "--eval", source];
  const { stderr } = await promisify(execFile)(process.execPath, args, {
    cwd: fileURLToPath(new URL("../", import.meta.url)),
  });
  return JSON.parse(stderr);
}

const missing = [
  ["FinalizationRegistry", "WeakRef"],
  ["TextEncoder", "TextDecoder"],
  ["WebAssembly"],
  ["SharedArrayBuffer", "Atomics"],
  ["navigator", "BroadcastChannel", "structuredClone", "performance", "setTimeout"],
  ["DecompressionStream", "CompressionStream", "ReadableStream", "WritableStream", "AbortSignal"],
];
test.each(missing)("every entry can be imported without %s", async (...without) => {
  const imports = entries
    .filter((entry) => !entry.endsWith("msgpack.js"))
    .map((entry) => `await import(${JSON.stringify(entry)});`);
  expect(await run(without, `${imports.join("\n")} say("true");`)).toBe(true);
});

const use = `
  const { MassTree } = await import(${JSON.stringify(entries[0])});
  try {
    const map = new MassTree({ value: "json" });
    map.set("a", { b: 1 });
    const guard = map.pin();
    guard.get("a");
    guard.scan({}, () => guard.dispose() ?? false);
    map.maintain();
    map.verify();
    say(JSON.stringify(map.get("a").b));
    map.close();
  } catch (error) {
    say(JSON.stringify([error.code, error.message]));
  }
`;
test.each([
  ["collected objects", ["FinalizationRegistry", "WeakRef"]],
  ["timers, clocks and messages, as in an AudioWorklet", missing[4]!],
  ["Atomics", ["Atomics"]],
])("a map works where there are no %s", async (_, without) => {
  expect(await run(without, use)).toBe(1);
});

test.each([
  ["TextEncoder", ["TextEncoder", "TextDecoder"]],
  ["WebAssembly", ["WebAssembly"]],
  ["shared memory", ["SharedArrayBuffer"]],
])("what a map needs is named when it is made, or first used: %s", async (name, without) => {
  const result = await run(without, use.replace("{ b: 1 }", '{ b: 1, text: "é".repeat(99) }'));
  expect(result).toEqual(["MASSTREE_UNSUPPORTED", expect.stringContaining(name)]);
});
