// What the programs' pages show of the sources is there.
import { readdirSync } from "node:fs";
import { testExcerpts } from "@tooling/vitest/readme";

const folders = readdirSync(new URL("..", import.meta.url), { withFileTypes: true });
const programs = folders
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => readdirSync(new URL(`../${name}`, import.meta.url)).includes("README.md"));

for (const name of programs) testExcerpts(import.meta.url, `../${name}/README.md`);
