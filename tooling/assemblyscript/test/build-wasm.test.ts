import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const command = fileURLToPath(new URL("../bin/build-wasm.js", import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "build-wasm-"));
  mkdirSync(join(directory, "assembly"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function build(source: string, entry: object = {}, ...args: string[]) {
  return buildAll({ sample: source }, entry, ...args);
}

/** Builds several modules at once, from sources by name. */
function buildAll(sources: Record<string, string>, settings: object, ...args: string[]) {
  const config = Object.entries(sources).map(([name, source]) => {
    const entry = `assembly/${name}.ts`;
    writeFileSync(join(directory, entry), source);
    return { name, entry, ...settings };
  });
  writeFileSync(join(directory, "wasm.config.mjs"), `export default ${JSON.stringify(config)};\n`);
  const { status, stderr } = spawnSync(process.execPath, [command, ...args], {
    cwd: directory,
    encoding: "utf8",
  });
  return { status, stderr };
}

const read = (path: string) => readFileSync(join(directory, path));

test("the source can use a constant from the config", async () => {
  const source = "export function width(): i32 { return WIDTH; }";
  expect(build(source, { use: { WIDTH: 7 } })).toEqual({ status: 0, stderr: "" });
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  const { instance } = await WebAssembly.instantiate(read("build/sample.wasm"), {
    env: { memory },
  });
  expect((instance.exports.width as () => number)()).toBe(7);
});

test("an embedded module has the same bytes as the built one", () => {
  expect(build("export function zero(): i32 { return 0; }", { embed: true }).status).toBe(0);
  const [, hex = ""] = /wasm: string =\s*"(.*)"/.exec(`${read("src/generated/sample.ts")}`) ?? [];
  expect(Buffer.from(hex, "hex")).toEqual(read("build/sample.wasm"));
});

test("a module with static data is refused, and nothing is written", () => {
  const source = 'export function letter(i: i32): i32 { return "abc".charCodeAt(i); }';
  const { status, stderr } = build(source, { embed: true });
  expect(status).toBe(1);
  expect(stderr).toContain("data segments");
  expect(existsSync(join(directory, "build"))).toBe(false);
  expect(existsSync(join(directory, "src"))).toBe(false);
});

test("a module that runs code when it is instantiated is refused", () => {
  const { status, stderr } = build("store<u8>(8, 1); export function zero(): i32 { return 0; }");
  expect(status).toBe(1);
  expect(stderr).toContain("start function");
});

test("an import is refused unless the config lists it", () => {
  const source = `@external("env", "now") declare function now(): f64;
    export function later(): f64 { return now() + 1; }`;
  const refused = build(source);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain("env.now");
  expect(build(source, { imports: ["env.now"] }).status).toBe(0);
});

test("an error in the source is reported with its position", () => {
  const { status, stderr } = build("export function broken(): i32 { return missing; }");
  expect(status).toBe(1);
  expect(stderr).toContain("assembly/sample.ts(1,");
});

test("--debug and --wat write a module with names and its text form, but not the plain module", () => {
  const source = "export function zero(): i32 { return 0; }";
  expect(build(source, {}, "--debug", "--wat").status).toBe(0);
  expect(`${read("build/sample.debug.wat")}`).toContain("$assembly/sample/zero");
  expect(existsSync(join(directory, "build", "sample.debug.wasm.map"))).toBe(true);
  expect(existsSync(join(directory, "build", "sample.wasm"))).toBe(false);
});

// V8's baseline compiler overwrites the local below the operands: see src/check-waits.js.
test("a module whose sleeping threads would lose a local is refused", () => {
  const plain = `export function sleep(address: usize, value: i32, after: i32): i32 {
      return (atomic.wait<i32>(address, value, 1000) as i32) + after;
    }`;
  const alone = `export function sleep(address: usize, value: i32): i32 {
      return atomic.wait<i32>(address, value, 1000) as i32;
    }`;
  const onLocal = `export function sleep(address: usize, value: i32, below: i32): i32 {
      return below >>> ((atomic.wait<i32>(address + 8, value & 15, 1000) as i32) << 3);
    }`;
  const long = `export function sleep(address: usize, value: i64, after: i32): i32 {
      return (atomic.wait<i64>(address, value, 1000) as i32) * after;
    }`;
  const sources = { plain, alone, onLocal, long };
  const { status, stderr } = buildAll(sources, {});
  expect(status).toBe(1);
  for (const name of Object.keys(sources)) {
    expect(stderr).toMatch(new RegExp(`^build-wasm: ${name}: .*memory\\.atomic\\.wait`, "m"));
  }
  expect(existsSync(join(directory, "build"))).toBe(false);
});

test("a wait on top of a constant is accepted, whatever its operands are", () => {
  const source = `export function sleep(address: usize, value: i32, other: i32): i32 {
      return (0x020100 >>> ((atomic.wait<i32>(
        address + 8,
        select(value, other, value < other) ^ (other ? load<i32>(address) : load<i32>(other)),
        1000
      ) as u32) << 3)) & 3;
    }`;
  expect(build(source)).toEqual({ status: 0, stderr: "" });
});
