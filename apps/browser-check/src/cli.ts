/*
 * Checks the map and the store in all browsers that are found. arguments.ts documents the exit statuses.
 */
import { endAll, findBrowsers, noBrowser, servePage } from "@tooling/browsers";
import { help, type Options, parse, UsageError } from "./arguments.ts";
import type { Report } from "./report.ts";

// A reader that has seen enough, such as `head`, closes the pipe. That is neither an error nor a success.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 141 : 1);
});

const { serve, deaths, minutes } = options();

for (const [signal, status] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.on(signal, () => {
    endAll();
    process.exit(status);
  });
}

const html = `<!doctype html>
<meta charset="utf-8">
<title>masstree</title>
<style>body { font: 15px/1.5 sans-serif; margin: 2em } .failed { color: #b00 } pre { margin: 0 2em }</style>
<h1>masstree in this browser</h1>
<ol></ol>
<script type="module" src="/page.js"></script>
`;
const server = await servePage<Report>({ folder: new URL("./page/", import.meta.url), html });
const address = `${server.address}?deaths=${deaths}`;

if (serve) {
  console.log(`Open ${address}\nPress Ctrl-C to end.`);
} else {
  let failed = 0;
  const browsers = findBrowsers(process.env);
  if (browsers.length === 0) console.error(noBrowser("npm run test:browser", " -- --serve"));
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

/** The options from the command line. Ends the program if they ask for help or cannot be used. */
function options(): Options {
  try {
    const given = parse(process.argv.slice(2));
    if (given !== undefined) return given;
    process.stdout.write(help);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message} See --help.`);
    process.exit(2);
  }
}

/** Prints a report. Returns how many checks failed. */
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

/** Resolves with the page's last report when the page has finished, or with what there is on timeout. */
function finished(): Promise<Report> {
  return new Promise((resolve, reject) => {
    let last: Report | undefined;
    const timer = setTimeout(() => {
      if (!last) return reject(new Error(`The page did not load within ${minutes} minutes.`));
      const { userAgent, outcomes, running = "" } = last;
      const error = `This check did not end within the ${minutes} minutes for the browser.`;
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
