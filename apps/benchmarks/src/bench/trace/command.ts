// `convert-trace`: turns logs of other programs into lines that `bench --trace` replays.
import { once } from "node:events";
import { type Command, Option } from "commander";
import { UsageError } from "../../failure.ts";
import { count } from "../../format.ts";
import { convertLine, type TraceSource, traceSources } from "./convert.ts";
import { linesOf } from "./lines.ts";

export function addConvertCommand(root: Command): void {
  root
    .command("convert-trace")
    .description(
      "Turns a log into the format of bench --trace, on standard output: what YCSB's basic binding prints for each " +
        "operation, or what redis-cli MONITOR prints. Lines that are no operations are counted and left out.",
    )
    .addOption(
      new Option("--from <program>", "whose log it is")
        .choices([...traceSources])
        .makeOptionMandatory(),
    )
    .argument("[file]", "the log; '-' or nothing for standard input", "-")
    .addHelpText("after", "\nExample:\n  convert-trace --from redis monitor.log > monitor.trace")
    .allowExcessArguments(false)
    .action(async (file: string, { from }: { from: TraceSource }) => {
      const skipped = new Map<string, number>();
      let written = 0;
      for await (const line of linesOf(file, "convert-trace")) {
        const converted = convertLine(from, line);
        if ("skipped" in converted) {
          skipped.set(converted.skipped, (skipped.get(converted.skipped) ?? 0) + 1);
          continue;
        }
        written += converted.lines.length;
        const text = converted.lines.map((each) => `${each}\n`).join("");
        if (!process.stdout.write(text)) await once(process.stdout, "drain");
      }
      const left = [...skipped].map(([why, times]) => `${why} (${count(times)})`).join(", ");
      process.stderr.write(
        `${count(written)} operations${left === "" ? "" : `; lines left out: ${left}`}\n`,
      );
      if (written === 0) throw new UsageError(`no line of '${file}' is an operation of ${from}`);
    });
}
