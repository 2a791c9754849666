// A disk of which a call fails: nothing that was acknowledged is lost, and no failure goes unnoticed.
import { random } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { exploreFaults, type FaultKind } from "./support/faults.ts";
import { workload } from "./support/gauntlet.ts";
import { drawChanges } from "./support/model.ts";

const kinds: FaultKind[] = ["once", "for good", "full", "short"];

test.each(kinds)("each call of a workload fails: %s", (kind) => {
  expect(exploreFaults(BTreeStore, workload, kind)).toBeGreaterThan(40);
});

test.each(kinds)("each call of a drawn workload fails: %s", (kind) => {
  const draw = random(1);
  const transactions = Array.from({ length: 4 }, () => drawChanges(draw, 10));
  expect(exploreFaults(BTreeStore, transactions, kind)).toBeGreaterThan(20);
});
