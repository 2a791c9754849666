// `bench report`: turns the file of a run into its page and its image.
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { UsageError } from "../../failure.ts";
import { readResult } from "../read-result.ts";

interface ReportOptions {
  readonly html?: string;
  readonly svg?: string;
}

/** Adds the command to `bench`. */
export function addReport(bench: Command, print: (text: string) => void): void {
  // `bench` has --html as well: after a command's name, options are the command's. The program needs this too.
  bench
    .enablePositionalOptions()
    .command("report")
    .argument("<result>", "a file that 'bench --json FILE' wrote")
    .description("Draws the report of a run that was written to a file.")
    .option("--html <file>", "write the report as one HTML file that needs nothing else")
    .option("--svg <file>", "write the main plot as an image, for a README")
    .allowExcessArguments(false)
    .addHelpText("after", "\nExample: bench report result.json --html report.html --svg speed.svg")
    .action((file: string, options: ReportOptions) => report(file, options, print));
}

async function report(
  file: string,
  { html, svg }: ReportOptions,
  print: (text: string) => void,
): Promise<void> {
  if (html === undefined && svg === undefined) {
    throw new UsageError("say what to write: --html FILE, --svg FILE or both");
  }
  const result = readResult(file);
  // Loading what draws takes longer than most commands need.
  const { writeHtml, writeSvg } = await import("./index.ts");
  // Both are drawn before either is written, so that a result that cannot be drawn leaves nothing.
  const made: [string, string][] = [];
  if (html !== undefined) made.push([html, writeHtml(result)]);
  if (svg !== undefined) made.push([svg, writeSvg(result)]);
  for (const [to, content] of made) {
    await write(to, content);
    print(`Report written to ${to}`);
  }
}

async function write(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (error) {
    throw new UsageError(
      `cannot write '${file}': ${(error as Error).message}. Choose a file in a directory that exists and is writable`,
    );
  }
}
