// Reports of a package's public types: api/NAME.api.md for each entry of `exports` that has types,
// made from the declarations in dist/. API Extractor writes and compares them.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";

const SUFFIX = ".api.md";

/** What goes into a report: types and release tags, nothing that changes with a line's number. */
const messages = {
  compilerMessageReporting: { default: { logLevel: "error" } },
  extractorMessageReporting: {
    default: { logLevel: "error" },
    "ae-forgotten-export": { logLevel: "none" },
    "ae-internal-missing-underscore": { logLevel: "none" },
    "ae-missing-release-tag": { logLevel: "none" },
    "ae-undocumented": { logLevel: "none" },
    "ae-unresolved-link": { logLevel: "none" },
  },
  tsdocMessageReporting: { default: { logLevel: "none" } },
};

export function checkApi(directory, { update = false } = {}) {
  const { name, exports } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const entries = typedEntries(exports);
  if (update) mkdirSync(join(directory, "api"), { recursive: true });
  return [
    ...entries.flatMap((entry) => reportProblems(directory, entry, update)),
    ...leftovers(directory, entries, update),
  ].map((problem) => `${name}: ${problem}`);
}

function typedEntries(exports) {
  return Object.values(exports)
    .filter((target) => target.types !== undefined)
    .map(({ types }) => ({ types, report: `api/${basename(types, ".d.ts")}${SUFFIX}` }));
}

function reportProblems(directory, { types, report }, update) {
  if (!existsSync(join(directory, types))) return [`${types} is missing: build the package first`];
  const temporary = mkdtempSync(join(tmpdir(), "api-report-"));
  try {
    const problems = [];
    const { apiReportChanged } = Extractor.invoke(settings(directory, types, report, temporary), {
      localBuild: update,
      printApiReportDiff: !update,
      messageCallback(message) {
        message.handled = true;
        if (message.messageId === "console-api-report-diff") problems.push(message.text);
        else if (message.category === "console") return;
        else if (message.logLevel === "error") problems.push(message.formatMessageWithLocation());
      },
    });
    if (!apiReportChanged || update) return problems;
    if (!existsSync(join(directory, report))) return [`${report} is missing`, ...problems];
    return [`${report} is not what the built declarations say`, ...problems];
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function settings(directory, types, report, temporary) {
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(directory, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: directory,
      mainEntryPointFilePath: join(directory, types),
      newlineKind: "lf",
      compiler: { overrideTsconfig: { extends: "./tsconfig.json", include: ["dist"] } },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName: basename(report, SUFFIX),
        reportFolder: join(directory, "api"),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages,
    },
  });
}

/** Reports of entries that are no more. */
function leftovers(directory, entries, update) {
  if (!existsSync(join(directory, "api"))) return [];
  const expected = new Set(entries.map(({ report }) => report));
  const old = readdirSync(join(directory, "api"))
    .map((file) => `api/${file}`)
    .filter((file) => file.endsWith(SUFFIX) && !expected.has(file));
  if (!update) return old.map((file) => `${file} belongs to no entry of exports`);
  for (const file of old) rmSync(join(directory, file));
  return [];
}
