// `npm run bench:browser`: serves the benchmark's page, and with --check runs it in the browsers of this machine.
import { endAll, servePage } from "@tooling/browsers";
import { Command, CommanderError, Option } from "commander";
import { wholeNumber } from "../arguments.ts";
import { status } from "../failure.ts";
import { check } from "./check.ts";
import type { Report } from "./checked.ts";
import { page } from "./html.ts";

interface Options {
  readonly port: number;
  readonly check?: true;
  readonly minutes: number;
}

const program = new Command("bench:browser")
  .description(
    "Serves a page that runs the benchmark in a browser, with live plots, and prints its address. It opens no " +
      "browser. Only this machine can reach the page.",
  )
  .addOption(
    new Option("--port <number>", "port of the page")
      .argParser(wholeNumber(0, 65_535))
      .default(0, "any free one"),
  )
  .option("--check", "run a short benchmark in each Chromium and Firefox there is, and end")
  .addOption(
    new Option("--minutes <number>", "how long each browser may take with --check")
      .argParser(wholeNumber(1, 1440))
      .default(5),
  )
  .allowExcessArguments(false)
  .exitOverride()
  .showHelpAfterError("(--help lists all options)")
  .addHelpText(
    "after",
    "\nThe environment variables CHROME and FIREFOX name the browsers' programs for --check." +
      "\n\nExit status: 0 on success, 1 if a check failed or no browser was found, 2 if the\n" +
      "arguments or the port cannot be used, 130 after Ctrl-C.",
  );

// A reader that has seen enough, such as `head`, closes the pipe. That is neither an error nor a success.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 141 : 1);
});
for (const [signal, number] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.on(signal, () => {
    endAll();
    process.exit(number);
  });
}

try {
  // `pnpm ... -- --port 80` passes the two dashes on.
  const args = process.argv.slice(2).filter((arg) => arg !== "--");
  const options = program.parse(args, { from: "user" }).opts<Options>();
  process.exitCode = await serve(options);
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // Commander has already said what is wrong, or shown the requested help.
  process.exitCode = error.exitCode === 0 ? status.success : status.usage;
}

async function serve({ port, check: checks, minutes }: Options): Promise<number> {
  const folder = new URL("./page/", import.meta.url);
  let server: Awaited<ReturnType<typeof servePage<Report>>>;
  try {
    server = await servePage<Report>({ folder, html: page, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    const why = code === "EACCES" ? "may not be used by this user" : "is in use";
    console.error(`error: port ${port} ${why}: choose another one with --port, or leave it out`);
    return status.usage;
  }
  if (checks) {
    const passed = await check(server, minutes);
    server.close();
    return passed ? status.success : status.failure;
  }
  console.log(`Open ${server.address}\nPress Ctrl-C to end.`);
  return status.success;
}
