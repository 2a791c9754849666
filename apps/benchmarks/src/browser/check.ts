// Runs a short benchmark in every browser there is, and looks at what it found.
import { findBrowsers, noBrowser, type PageServer } from "@tooling/browsers";
import { parseResult } from "../bench/read-result.ts";
import { isMeasured } from "../bench/result.ts";
import { checked, type Report } from "./checked.ts";

/** @returns whether there was a browser, and every one passed */
export async function check(server: PageServer<Report>, minutes: number): Promise<boolean> {
  const browsers = findBrowsers(process.env);
  if (browsers.length === 0) {
    console.error(noBrowser("npm run bench:browser -- --check", "").replace(" -- --check\n", "\n"));
    return false;
  }
  let failed = 0;
  for (const browser of browsers) {
    console.log(`${browser.name}: ${browser.program}`);
    try {
      const report = await browser.visit(`${server.address}?check`, reported(server, minutes));
      console.log(`  ${report.userAgent}`);
      const problems = problemsOf(report);
      for (const problem of problems) console.log(`  FAILED  ${problem}`);
      if (problems.length > 0) failed++;
      else console.log("  passed  the benchmark ran, with live plots, and its result can be read");
    } catch (error) {
      failed++;
      console.error(`  FAILED  ${error instanceof Error ? error.message : error}`);
    }
  }
  return failed === 0;
}

function reported(server: PageServer<Report>, minutes: number): Promise<Report> {
  return new Promise((resolve, reject) => {
    const late = new Error(`The page did not report within ${minutes} minutes.`);
    const timer = setTimeout(() => reject(late), minutes * 60_000);
    server.onReport = (report) => {
      clearTimeout(timer);
      resolve(report);
    };
  });
}

/** What is wrong with a report, if anything. */
export function problemsOf({ json, html, plots, errors }: Report): string[] {
  const problems = [...errors];
  const [during, end] = plots;
  if (during === 0) problems.push("no plot was there while the benchmark ran");
  if (end < during || end === 0) problems.push(`${end} plots were left of ${during} at the end`);
  if (html === undefined || !/^<!doctype html>.*<svg.*<\/html>\n$/s.test(html)) {
    problems.push("the report that the page saves is no page with plots");
  }
  if (json === undefined) return [...problems, "the page has no result to save"];
  const result = parseResult(json, "result.json");
  if (!result.complete) problems.push("the run is not complete");
  if (result.machine.browser === undefined) problems.push("the result does not name its browser");
  for (const workload of checked.workloads) {
    for (const peer of checked.peers) {
      const cells = result.measurements.filter(
        (each) => each.workload === workload && each.peer === peer,
      );
      if (cells.length === 0) problems.push(`${workload}, ${peer}: there is no measurement`);
      for (const cell of cells) {
        if (!isMeasured(cell)) {
          if (cell.cannot.startsWith("it failed")) {
            problems.push(`${workload}, ${peer}: ${cell.cannot}`);
          }
        } else if (!(cell.median > 0) || cell.samples.length !== checked.rounds) {
          problems.push(`${workload}, ${peer}: ${cell.samples.length} samples, ${cell.median}`);
        }
      }
    }
  }
  const own = result.measurements.filter(({ peer }) => peer === "MassTreeInline");
  for (const cell of own) {
    if (!isMeasured(cell)) problems.push(`${cell.workload}: MassTreeInline cannot: ${cell.cannot}`);
  }
  return problems;
}
