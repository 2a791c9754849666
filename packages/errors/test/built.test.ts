// Tests the built package in plain Node, without a test runner. Bundlers rename classes, and the
// report of an uncaught error contains the constructor's name.
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import * as api from "../src/index.ts";

const built = JSON.stringify(new URL("../dist/index.js", import.meta.url).href);

function run(program: string) {
  const args = ["--input-type=module", "--eval", program];
  return spawnSync(process.execPath, args, { encoding: "utf8" });
}

const names = Object.keys(api);

test("the built package exports the same classes as the sources", () => {
  const { stdout } = run(
    `import * as api from ${built}; console.log(JSON.stringify(Object.keys(api)));`,
  );
  expect(JSON.parse(stdout).toSorted()).toEqual(names.toSorted());
});

// MassTreeError, which the others extend, is abstract.
describe.each(names.filter((name) => name !== "MassTreeError"))("%s", (name) => {
  test("shows its name wherever one of its errors is printed", () => {
    const { stdout } = run(`
      import { inspect } from "node:util";
      import { ${name} } from ${built};
      const error = new ${name}("say what to do", {});
      const firstLine = (text) => text.split("\\n")[0];
      console.log(JSON.stringify({
        className: error.constructor.name,
        name: error.name,
        text: String(error),
        stack: firstLine(error.stack),
        inspected: firstLine(inspect(error)),
        keys: Object.keys(error).includes("name"),
      }));
    `);
    expect(JSON.parse(stdout)).toEqual({
      className: name,
      name,
      text: `${name}: say what to do`,
      stack: `${name}: say what to do`,
      inspected: `${name}: say what to do`,
      keys: false,
    });
  });

  test("shows its name in the report of an uncaught error", () => {
    const { status, stderr } = run(
      `import { ${name} } from ${built}; throw new ${name}("say what to do", {});`,
    );
    expect(status).toBe(1);
    expect(stderr.split("\n")).toContain(`${name}: say what to do`);
  });
});
