import { random } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { killWriters } from "./support/kills.ts";

test("after 100 SIGKILLs the file has what was acknowledged, or one commit more", async () => {
  expect(await killWriters(100, random(1))).toBeGreaterThan(100);
}, 600_000);
