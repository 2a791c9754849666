import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";

type Measured = { encode41: Cost } & Record<string, Cost>;
interface Cost {
  bytes: number;
  collections: number;
}
let measured: Measured;

beforeAll(async () => {
  const child = fileURLToPath(new URL("./allocation-child.mjs", import.meta.url));
  const flags = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, child]);
  measured = JSON.parse(stdout);
});

test("the measurement sees every allocation: longer strings take a view and more", () => {
  for (const { collections } of Object.values(measured)) expect(collections).toBe(0);
  expect(measured.encode41.bytes).toBeGreaterThan(16);
});

test.each([8, 16, 40])("encoding %i ASCII characters allocates nothing", (length) => {
  // A million calls: one object in a hundred calls would be seen.
  expect(measured[`encode${length}`]!.bytes).toBeLessThan(0.2);
});

test.each([8, 24])("decoding %i ASCII characters allocates the string alone", (length) => {
  // A string has a header of up to 16 bytes.
  expect(measured[`decode${length}`]!.bytes).toBeGreaterThan(8);
  expect(measured[`decode${length}`]!.bytes).toBeLessThan(length + 16 + 1);
});
