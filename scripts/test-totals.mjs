// Adds up the test reports of all packages and prints 'N passed, M failed' as the last line, after the
// names and messages of the tests that failed: the log may be long, and cut. A package without a report,
// or with a report without tests, counts as one failure.
//
//   node scripts/test-totals.mjs          print the totals; status 1 if anything failed
//   node scripts/test-totals.mjs --clear  remove all reports, so that no old one is counted
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

const packages = ["packages", "apps", "examples", "tooling"].flatMap((group) => {
  if (!existsSync(join(root, group))) return [];
  return readdirSync(join(root, group))
    .map((name) => join(group, name))
    .filter((directory) => {
      const manifest = join(root, directory, "package.json");
      if (!existsSync(manifest)) return false;
      return JSON.parse(readFileSync(manifest, "utf8")).scripts?.test !== undefined;
    });
});

const reportOf = (directory) => join(root, directory, "reports", "test.json");

if (process.argv.includes("--clear")) {
  for (const directory of packages) rmSync(reportOf(directory), { force: true });
} else {
  let passed = 0;
  let failed = 0;
  const failures = [];
  for (const directory of packages) {
    const totals = read(directory);
    process.stdout.write(`${directory}: ${totals.note}\n`);
    passed += totals.passed;
    failed += totals.failed;
    failures.push(...totals.failures);
  }
  for (const failure of failures) process.stdout.write(`\n${failure}\n`);
  if (passed + failed === 0) failed = 1;
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function read(directory) {
  if (!existsSync(reportOf(directory)))
    return { passed: 0, failed: 1, note: "no report", failures: [] };
  const report = JSON.parse(readFileSync(reportOf(directory), "utf8"));
  const passed = report.numPassedTests;
  let failed = report.numFailedTests;
  // A test file that cannot be loaded fails without a failed test.
  failed += report.testResults.filter(
    (file) =>
      file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
  ).length;
  if (passed + failed === 0) return { passed: 0, failed: 1, note: "no tests", failures: [] };
  if (failed === 0 && !report.success) failed = 1;
  const failures = report.testResults.flatMap((file) => failuresOf(directory, file));
  return { passed, failed, note: `${passed} passed, ${failed} failed`, failures };
}

/** What to read of each failed test of one file, the first lines of its message included. */
function failuresOf(directory, file) {
  if (file.status !== "failed") return [];
  const path = relative(root, file.name);
  const tests = file.assertionResults.filter(({ status }) => status === "failed");
  if (tests.length === 0) return [`failed in ${directory}: ${path}\n${firstLines(file.message)}`];
  return tests.map(
    ({ fullName, failureMessages }) =>
      `failed in ${directory}: ${path}\n  ${fullName}\n${firstLines(failureMessages.join("\n"))}`,
  );
}

function firstLines(text) {
  return text
    .split("\n")
    .slice(0, 30)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join("\n");
}
