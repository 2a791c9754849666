/*
 * Checks the map in every browser that is found, and ends with status 1 if a check failed or there was
 * no browser.
 */
import { parseArgs } from "node:util";
import { findBrowsers, noBrowser } from "./browsers.ts";
import type { Report } from "./report.ts";
import { servePage } from "./server.ts";

const { values } = parseArgs({
  options: {
    serve: { type: "boolean", default: false },
    deaths: { type: "string", default: "30" },
    minutes: { type: "string", default: "3" },
  },
});

// A reader that has seen enough, such as `head`, closes the pipe: no reason to complain, nor to say that all is well.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 141 : 1);
});

const server = await servePage(new URL("./page/", import.meta.url));
const address = `${server.address}?deaths=${Number(values.deaths)}`;

if (values.serve) {
  console.log(`Open ${address}\nEnd with Ctrl-C.`);
} else {
  let failed = 0;
  const browsers = findBrowsers(process.env);
  if (browsers.length === 0) console.error(noBrowser);
  for (const browser of browsers) {
    console.log(`${browser.name}: ${browser.program}`);
    try {
      failed += print(await browser.visit(address, finished()));
    } catch (error) {
      failed++;
      console.error(error instanceof Error ? error.message : error);
    }
  }
  server.close();
  process.exitCode = failed > 0 || browsers.length === 0 ? 1 : 0;
}

/** Prints a report; how many checks failed. */
function print({ userAgent, outcomes }: Report): number {
  console.log(`  ${userAgent}`);
  for (const { name, error, note, milliseconds } of outcomes) {
    const mark = error === undefined ? "passed" : "FAILED";
    console.log(`  ${mark}  ${name} (${milliseconds} ms)${note ? `: ${note}` : ""}`);
    if (error !== undefined) console.log(error.replace(/^/gm, "          "));
  }
  const failed = outcomes.filter(({ error }) => error !== undefined).length;
  console.log(`  ${outcomes.length - failed} passed, ${failed} failed`);
  return failed;
}

/** The page's last report, once it has finished; what there is of it when the time is over. */
function finished(): Promise<Report> {
  const minutes = Number(values.minutes);
  return new Promise((resolve, reject) => {
    let last: Report | undefined;
    const timer = setTimeout(() => {
      if (!last) return reject(new Error(`The page did not load within ${minutes} minutes.`));
      const { userAgent, outcomes, running = "" } = last;
      const error = `It did not end within ${minutes} minutes.`;
      resolve({ userAgent, outcomes: [...outcomes, { name: running, error, milliseconds: 0 }] });
    }, minutes * 60_000);
    server.onReport = (report) => {
      last = report;
      if (report.running !== undefined) return;
      clearTimeout(timer);
      resolve(report);
    };
  });
}
