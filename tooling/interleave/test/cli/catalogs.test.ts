// Which catalogs there are, in workspaces that are made for it.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findTargets, loadTargets, targetNamed } from "../../src/cli/catalogs.ts";
import { Failure } from "../../src/failure.ts";

let workspace: string;

beforeEach(() => {
  workspace = realpathSync(mkdtempSync(join(tmpdir(), "catalogs-")));
  write("pnpm-workspace.yaml", "packages: []\n");
});
afterEach(() => rmSync(workspace, { recursive: true }));

function write(name: string, text: string): string {
  const path = join(workspace, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A package with a catalog of targets that cannot be compiled. */
function add(directory: string, names: readonly string[], ...dependencies: string[]): void {
  const versions = Object.fromEntries(dependencies.map((name) => [name, "*"]));
  const manifest = { name: directory.replace(/^\w+\//, ""), dependencies: versions };
  write(`${directory}/package.json`, JSON.stringify(manifest));
  write(`${directory}/test/explorer/catalog.ts`, catalog(names));
}

const catalog = (names: readonly string[]): string => `
  import { defineTarget, type Target } from "@tooling/interleave/catalog";
  const core = { directory: ".", entry: "none.ts" };
  export const targets: readonly Target[] = ${JSON.stringify(names)}.map(
    (name: string) => defineTarget({ name, core }),
  );
`;

const namesIn = async (directory: string, ...others: string[]): Promise<string[]> =>
  (await findTargets(join(workspace, directory), others)).map(({ target }) => target.name);

test("every package and every example may have a catalog, wherever in the workspace one asks", async () => {
  add("packages/b", ["b-1", "b-2"]);
  add("examples/a", ["a-1"]);
  write("packages/none/package.json", "{}");
  expect(await namesIn(".")).toEqual(["a-1", "b-1", "b-2"]);
  expect(await namesIn("packages/none")).toEqual(["a-1", "b-1", "b-2"]);
});

test("what a package depends on comes before it", async () => {
  add("packages/a", ["top"], "b", "elsewhere");
  add("packages/b", ["middle"], "c");
  add("packages/c", ["bottom"]);
  expect(await namesIn(".")).toEqual(["bottom", "middle", "top"]);
});

test("catalogs of any name and place are added, each once", async () => {
  add("packages/a", ["a"]);
  const other = write("elsewhere/mine.ts", catalog(["mine"]));
  expect(await namesIn(".", "elsewhere/mine.ts", other)).toEqual(["a", "mine"]);
  expect(await namesIn(".", "packages/a/test/explorer/catalog.ts")).toEqual(["a"]);
  rmSync(join(workspace, "pnpm-workspace.yaml"));
  expect(await namesIn(".", other)).toEqual(["mine"]);
});

test("two targets of one name are refused, with the files that have them", async () => {
  add("packages/a", ["one", "same"]);
  add("packages/b", ["same"]);
  const place = join("test", "explorer", "catalog.ts");
  await expect(findTargets(workspace, [])).rejects.toThrow(
    `two targets are called 'same': rename one in ` +
      `${join("packages", "a", place)} or ${join("packages", "b", place)}`,
  );
});

test("an unknown name is answered with the known ones of each package", async () => {
  add("packages/a", ["a-1", "a-2"]);
  add("packages/b", ["b-1"]);
  const all = await findTargets(workspace, []);
  expect(targetNamed("b-1", all)).toBe(all[2]);
  expect(() => targetNamed("c", all)).toThrow(
    "there is no target 'c'. Targets:\n  a-1, a-2 of a\n  b-1 of b",
  );
});

test("a workspace without targets is told where they are looked for", async () => {
  await expect(findTargets(workspace, [])).rejects.toThrow(/^there is no target: .*--catalog/);
});

test("a module without targets is no catalog", async () => {
  const path = write("mine.ts", "export const target: number = 1;\n");
  await expect(loadTargets(path)).rejects.toThrow(`${path} is no catalog`);
});

test("an error in a catalog has the line that it comes from", async () => {
  const path = write(
    "mine.ts",
    `interface Gone {\n  readonly x: 1;\n}\n\nthrow new Error("bad");\n`,
  );
  const error: Error = await loadTargets(path).catch((caught) => caught);
  expect(error.stack).toMatch(/mine\.ts:5:7/);
});

test("a catalog throws the engine's own failures", async () => {
  const path = write(
    "mine.ts",
    `import { Failure } from "@tooling/interleave/catalog";
     export const targets = [new Failure("check", "wrong")];`,
  );
  expect((await loadTargets(path))[0]).toBeInstanceOf(Failure);
});
