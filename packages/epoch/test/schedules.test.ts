import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { test } from "vitest";
import { Model } from "./model.ts";

const PARTICIPANTS = 4;

type Step = (model: Model) => void;

const who = fc.nat({ max: PARTICIPANTS - 1 });
const bytes = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 8, max: 300 }) },
  { weight: 1, arbitrary: fc.integer({ min: 300, max: 40_000 }) },
);

const pin = who.map(
  (i): Step =>
    (model) =>
      model.pin(i),
);
const unpin = who.map(
  (i): Step =>
    (model) =>
      model.unpin(i),
);
const retire = fc.tuple(who, bytes).map(
  ([i, n]): Step =>
    (model) =>
      model.retire(i, n),
);
const others = fc.oneof(
  who.map(
    (i): Step =>
      (model) =>
        model.collect(i),
  ),
  who.map(
    (i): Step =>
      (model) =>
        model.beginPin(i),
  ),
  who.map(
    (i): Step =>
      (model) =>
        model.finishPin(i),
  ),
  who.map(
    (i): Step =>
      (model) =>
        model.leave(i),
  ),
  who.map(
    (i): Step =>
      (model) =>
        model.join(i),
  ),
  fc.constant<Step>((model) => model.advance()),
);
const step = fc.oneof(
  { weight: 3, arbitrary: pin },
  { weight: 3, arbitrary: unpin },
  { weight: 4, arbitrary: retire },
  { weight: 3, arbitrary: others },
);
// An epoch near the end of each power that a narrower word would wrap at.
const start = fc
  .tuple(fc.constantFrom(0n, 1n << 31n, 1n << 32n, 1n << 36n, 1n << 53n), fc.bigInt(0n, 6n))
  .map(([near, before]) => (near > before ? near - before : before));

test("no block is freed while a participant that was pinned at its retirement still is; all are in the end", () => {
  fc.assert(
    fc.property(
      start,
      fc.array(step, { minLength: 20, maxLength: 250, size: "max" }),
      (epoch, steps) => {
        const model = new Model(PARTICIPANTS, epoch);
        for (const take of steps) {
          take(model);
          model.check();
        }
        model.end();
      },
    ),
    { numRuns: runs(300) },
  );
});
