// Documents the declarations that each package publishes: every entry of `exports` that has types. They
// have the doc comments, and each type is declared in one file, wherever it is exported again.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const packages = fileURLToPath(new URL("../../packages/", import.meta.url));
const mainFirst = (a, b) => (b === "masstree") - (a === "masstree") || (a < b ? -1 : 1);

/** The names under which users import the entries, by the entries' paths. */
export const modules = new Map(
  readdirSync(packages)
    .sort(mainFirst)
    .flatMap((directory) => {
      const manifest = JSON.parse(readFileSync(join(packages, directory, "package.json"), "utf8"));
      return Object.entries(manifest.exports)
        .filter(([, { types }]) => types !== undefined)
        .map(([entry, { types }]) => [
          join(packages, directory, types).replaceAll("\\", "/"),
          entry === "." ? manifest.name : manifest.name + entry.slice(1),
        ]);
    }),
);

/** Types that exports refer to and nobody has to name: each is shown where it is used. */
export const unnamed = new Set([
  "@masstree/epoch Free",
  "@masstree/inline ValueTypeOf",
  "@masstree/inline Widened",
  "@masstree/key Decoder",
  "@masstree/key Encoder",
  "@masstree/learned LearnedKeyTypeOf",
  "@masstree/learned ValueTypeOf",
  "@masstree/learned Widened",
  "@masstree/session BareExports",
  "@masstree/tree FirstMembers",
  "@masstree/tree OrderedMapMethod",
  "@masstree/tree TestedWait",
  "@masstree/tree TreeExports$1",
  "masstree shared",
]);

export default {
  name: "masstree",
  entryPoints: [...modules.keys()],
  sortEntryPoints: false,
  plugin: ["./plugin.js"],
  readme: "start.md",
  out: "reports/api",
  cleanOutputDir: true,
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  treatWarningsAsErrors: true,
};
