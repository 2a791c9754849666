// Attaching where there is no room, while others recover those who held it.
import { expect, test } from "vitest";
import { FULL, OK, TOO_MANY } from "../src/exports.ts";
import { attachOrVisit } from "../src/thread-ends/visit.ts";

test.each([FULL, TOO_MANY])(
  "a place that another visitor has made meanwhile is taken: %i",
  (status) => {
    let room = false;
    const attach = () => (room ? OK : status);
    // The other recovers everybody after this thread was refused: its own visit finds nobody.
    const visit = () => {
      room = true;
      return false;
    };
    expect(attachOrVisit(attach, visit)).toBe(OK);
  },
);

test("a place that is given back while the second attempt is refused is taken", () => {
  const answers = [FULL, FULL, OK];
  expect(
    attachOrVisit(
      () => answers.shift()!,
      () => false,
    ),
  ).toBe(OK);
});

test("where all live, one visit tells", () => {
  let visits = 0;
  const visit = () => {
    visits++;
    return false;
  };
  expect(attachOrVisit(() => TOO_MANY, visit)).toBe(TOO_MANY);
  expect(visits).toBe(1);
});
