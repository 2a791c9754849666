// The suite that maps of one's own are tested with, over the tree's own words.
import { runs } from "@tooling/vitest/random";
import { describe, test } from "vitest";
import type { KeyType } from "../src/index.ts";
import {
  bigintKeys,
  bytesKeys,
  type KeyKind,
  mapChecks,
  numberKeys,
  stringKeys,
} from "../src/test-suite/index.ts";
import { subjectOf } from "./conformance-subject.ts";
import { debugWidths } from "./debug-builds.ts";

const kinds = [stringKeys, bytesKeys, numberKeys, bigintKeys] as unknown as KeyKind<KeyType>[];

describe.each(kinds)("$name keys:", (kind) => {
  const checks = mapChecks(subjectOf(kind, { runs: runs(8, 50) }));
  // What threads do is the same with keys of every kind.
  const some = checks.filter(({ group }) => kind.name === "string" || group !== "threads");
  test.each(some)("$name", ({ run }) => run());

  // What depends on the shape of the tree.
  describe.each(debugWidths.filter((width) => width !== 15))("width %i:", (width) => {
    const checks = mapChecks(subjectOf(kind, { width, runs: runs(8, 50) }));
    const random = checks.filter(({ group }) => group === "model" || group === "a scan");
    test.each(random)("$name", ({ run }) => run());
  });
});
