// What every published package takes part in. Turbo skips a package without the script in silence.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../../packages/", import.meta.url));
const names = readdirSync(packages);

test.each(names)("%s has its exports, its public types and their report checked", (name) => {
  const manifest = JSON.parse(readFileSync(`${packages}${name}/package.json`, "utf8"));
  expect(manifest.scripts).toMatchObject({
    "check:package": "check-package",
    "check:api": "check-api",
    "update:api": "check-api --update",
  });
});

describe("the table of sizes", () => {
  interface Size {
    path: string;
    import?: string;
    limit: string;
  }
  const table = fileURLToPath(new URL("../.size-limit.json", import.meta.url));
  const sizes: Size[] = JSON.parse(readFileSync(table, "utf8"));

  // Other entries may have one, too.
  test("has a limit for the main entry of each published package", () => {
    const whole = sizes.filter((size) => size.import === undefined).map(({ path }) => path);
    const published = names.map((name) => `../../packages/${name}/dist/index.js`);
    expect(whole).toEqual(expect.arrayContaining(published));
  });

  test("has sizes for limits", () => {
    for (const { limit } of sizes) expect(limit).toMatch(/^\d+\.\d kB$/);
  });
});
