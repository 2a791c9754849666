import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";

/** Bytes of heap that one call takes, by operation. */
let measured: { encode41: number } & Record<string, number>;

beforeAll(async () => {
  const child = fileURLToPath(new URL("./allocation-child.mjs", import.meta.url));
  const flags = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, child]);
  measured = JSON.parse(stdout);
});

test("the measurement sees allocations: encoding a longer string takes a view and more", () => {
  expect(measured.encode41).toBeGreaterThan(16);
});

test.each([8, 16, 40])("encoding %i ASCII characters allocates nothing", (length) => {
  // An average over many thousand calls: even one object per hundred calls would exceed this.
  expect(measured[`encode${length}`]!).toBeLessThan(0.2);
});

test("encoding 24 ASCII characters at the start of the target allocates nothing", () => {
  expect(measured.encodeFirst24!).toBeLessThan(0.2);
});

test.each([8, 24])("decoding %i ASCII characters allocates only the string", (length) => {
  // A string has a header of up to 16 bytes.
  expect(measured[`decode${length}`]!).toBeGreaterThan(8);
  expect(measured[`decode${length}`]!).toBeLessThan(length + 16 + 1);
});
