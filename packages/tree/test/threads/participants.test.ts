// Many participants: more threads than cores, many in one thread, and threads that come and go.
import { runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { open } from "../support/build.ts";
import { finish, prepare, preparedEntries } from "../support/finish.ts";
import { type Part, play } from "../support/threads.ts";

describe.each([3, 15] as const)("width %i", (width) => {
  test("64 participants insert keys of their own and remove a third of them at once", async () => {
    const tree = open(width);
    const part: Part = ["crowd", { logical: 16, each: runs(90) }];
    finish(tree, "binary", await play(tree, [part, part, part, part]));
  });

  test("16 threads on fewer cores get through", async () => {
    const tree = open(width, { initialPages: 512 });
    const count = 480;
    const stride = 8;
    prepare(tree, "paths", count, stride);
    const writers = 12;
    const toggle: Part = ["toggle", { family: "paths", count, stride, writers, rounds: runs(150) }];
    const know: Part = ["know", { family: "paths", count, stride, writers }];
    const scan: Part = ["scan", { family: "paths", count, stride, writers }];
    const parts = [...new Array<Part>(writers).fill(toggle), know, know, scan, scan];
    await play(tree, parts);
    tree.verify();
    finish(tree, "paths", [], preparedEntries(count, stride));
  });

  test("16 threads on fewer cores that all want the same leaf get through", async () => {
    const tree = open(width, { initialPages: 512 });
    const contend: Part = [
      "contend",
      { family: "decimal", keys: 6, operations: runs(1500), removes: 0.3 },
    ];
    const reports = await play(tree, new Array<Part>(16).fill(contend));
    expect(reports.every(({ operations }) => operations >= 1)).toBe(true);
    tree.verify();
    for (const [key] of tree.scan()) tree.remove(key);
    finish(tree, "decimal", []);
  });

  test("threads attach and detach at any time, and what they wrote stays", async () => {
    const tree = open(width);
    const come: Part = ["come", { family: "paths", rounds: runs(150), keys: 6 }];
    const reports = await play(tree, [come, come, come, come]);
    finish(tree, "paths", reports);
  });

  test("threads attach and detach while others write, read and scan", async () => {
    const tree = open(width);
    const come: Part = ["come", { family: "zeroes", rounds: runs(300), keys: 4 }];
    const own: Part = ["own", { family: "deep", keys: 40, rounds: runs(6), strangers: true }];
    const [first, second] = await play(tree, [come, come, own, own]);
    tree.verify();
    expect(first?.entries.length).toBe(4);
    expect(second?.entries.length).toBe(4);
    for (const [key] of tree.scan()) tree.remove(key);
    finish(tree, "deep", []);
  });
});
