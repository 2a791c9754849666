import { describe, expect, it } from "vitest";
import { Expectation } from "../src/check/expectation.ts";
import { Board } from "../src/threads/board.ts";

const all = (expectation: Expectation, count: number): string =>
  Array.from({ length: count }, (_, position) => expectation.of(position)[0]).join("");

describe("the expected contents of a map", () => {
  it("include what each writer has published of its share, while writers insert", () => {
    const span = { writing: "insert", from: 2, to: 9, writers: 2 } as const;
    // Writer 0 takes 2, 4, 6, 8 and has done three; writer 1 takes 3, 5, 7 and has done one.
    const board = new Board(2);
    board.publish(0, 3);
    board.publish(1, 1);
    expect(all(Expectation.now(span, board), 11)).toBe("tt" + "tttutuu" + "aa");
  });

  it("exclude what each writer has published of its share, while writers remove", () => {
    const span = { writing: "remove", from: 2, to: 9, writers: 2 } as const;
    expect(all(new Expectation(span, [3, 1]), 11)).toBe("aa" + "aaauauu" + "tt");
  });

  it("are certain for every key while nobody writes", () => {
    expect(all(Expectation.quiet(3), 6)).toBe("aaattt");
    expect(all(Expectation.quiet(0), 3)).toBe("ttt");
  });
});
