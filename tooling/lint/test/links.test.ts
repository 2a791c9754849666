// The check of links, over the texts of small repositories and through its command.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkLinks } from "../src/links.js";

/** Checks Markdown files, in a repository that has a source as well. */
const check = (files: Record<string, string>) =>
  checkLinks(
    Object.entries(files).map(([path, text]) => ({ path, text })),
    [...Object.keys(files), "src/map.ts"],
  );

test("links lead to files, folders, and headings of the same page or another", () => {
  const files = {
    "README.md":
      "# Map\n\n[a](docs/guide.md), [b](src/map.ts), [c](src), [d](docs/), [e](#map)\n" +
      "[f](docs/guide.md#one-key-or-more), [g](docs#the-get-call), [h]\n\n[h]: docs/guide.md\n",
    "docs/guide.md": "## One key, or more?\n\n[back](../README.md#map) [out](..)\n",
    "docs/README.md": "## The `get` call\n\n### A [link](guide.md)\n\n[x](#a-link)\n",
  };
  expect(check(files)).toEqual({ problems: [], links: 12 });
});

test("those that lead nowhere are told with their places", () => {
  const files = {
    "README.md": "# Map\n\n[a](gone.md)\n[b](#maps)\n\n[c]: docs/guide.md#two\n",
    "docs/guide.md": "# One\n\n[up](../../README.md) [source](../src/map.ts#one)\n",
  };
  expect(check(files).problems).toEqual([
    "README.md:3 gone.md leads nowhere",
    "README.md:4 #maps leads to no heading",
    "README.md:6 docs/guide.md#two leads to no heading",
    "docs/guide.md:3 ../../README.md leads nowhere",
    "docs/guide.md:3 ../src/map.ts#one leads to no heading",
  ]);
});

test("the second heading of a name has a number", () => {
  const page = "# Use\n\n## Use\n\n[a](#use) [b](#use-1)\n";
  expect(check({ "README.md": page }).problems).toEqual([]);
  expect(check({ "README.md": `${page}[c](#use-2)\n` }).problems).toHaveLength(1);
});

test("code and addresses are no links of the repository", () => {
  const page =
    "[a](https://example.com/x.md) [b](mailto:a@example.com)\n\n" +
    "```md\n[c](gone.md)\n# Heading\n```\n\n[d](#heading)\n";
  expect(check({ "README.md": page })).toEqual({
    problems: ["README.md:8 #heading leads to no heading"],
    links: 1,
  });
});

test("the command looks at what git knows or would take", () => {
  const command = fileURLToPath(new URL("../bin/check-links.js", import.meta.url));
  const directory = mkdtempSync(join(tmpdir(), "check-links-"));
  const run = () => spawnSync(process.execPath, [command, directory], { encoding: "utf8" });
  try {
    execFileSync("git", ["init", "--quiet"], { cwd: directory });
    writeFileSync(join(directory, ".gitignore"), "ignored.md\n");
    writeFileSync(join(directory, "ignored.md"), "[a](gone.md)\n");
    writeFileSync(join(directory, "README.md"), "[a](LICENSE)\n");
    expect(run()).toMatchObject({ status: 1, stderr: "README.md:1 LICENSE leads nowhere\n" });
    writeFileSync(join(directory, "LICENSE"), "MIT\n");
    expect(run()).toMatchObject({
      status: 0,
      stdout: "1 links in 1 Markdown files: each leads somewhere.\n",
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});
