// Every bit of a small file, and every length.
import { expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { flipBits, openDamaged } from "./support/damage.ts";
import { smallFile } from "./support/gauntlet.ts";
import { metasOf } from "./support/metas.ts";

const { file, newest, older } = smallFile(BTreeStore);
const [{ pages, pageBytes }] = metasOf(file) as [ReturnType<typeof metasOf>[number]];

test("each bit that is flipped is noticed", () => {
  expect(flipBits(BTreeStore, file, newest, older, 1, 0)).toBe(8 * pages * pageBytes);
}, 3_600_000);

test("each length that a file may be cut off at is noticed", () => {
  for (let length = 1; length < pages * pageBytes; length++) {
    expect(openDamaged(BTreeStore, file.slice(0, length), newest, older), `${length}`).not.toBe(
      "right",
    );
  }
}, 3_600_000);
