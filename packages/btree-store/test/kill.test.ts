// Processes that are killed in the middle of a commit, on a real file. kill.stress.ts does it 100 times.
import { random } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { killWriters } from "./support/kills.ts";

test("after SIGKILL the file has what was acknowledged, or one commit more", async () => {
  expect(await killWriters(8, random(1))).toBeGreaterThan(8);
}, 60_000);
