// Two properties that threads would miss most of the time, and that the binaries show.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Build } from "./modules.ts";

const builds: Build[] = [
  "nodeversion",
  "nodeversion-test",
  "nodeversion-debug",
  "contend-test",
  "contend-debug",
];

describe.each(builds)("%s", (build) => {
  const binary = readFileSync(new URL(`../build/${build}.wasm`, import.meta.url)).toString("hex");
  const count = (bytes: string) => binary.split(bytes.replaceAll(" ", "")).length - 1;

  // V8's baseline compiler in Node 20 overwrites what lies below the operands: see assembly/wait.ts.
  test("every wait has a constant below its operands", () => {
    // memory.atomic.wait32 align=4 offset=0
    const waits = count("fe 01 02 00");
    expect(waits).toBeGreaterThan(0);
    // ... i32.const 3, i32.shl, i32.shr_u: the shift takes what lies below the operands of the wait.
    expect(count("fe 01 02 00 41 03 74 76")).toBe(waits);
    // i32.const 0x020100
    expect(count("41 80 82 08")).toBe(waits);
  });

  // A store would overwrite the SLEEPERS bit that another thread sets meanwhile. The other builds have stores of their own.
  if (!build.startsWith("nodeversion")) return;
  test("a word that threads share is changed by read-modify-writes only", () => {
    // i64.atomic.store align=8 offset=0, where the word is
    expect(count("fe 18 03 00")).toBe(0);
    // i64.store align=8 offset=0: in initialise and initialiseLocked
    expect(count("37 03 00")).toBe(2);
  });
});
