// Lines of a file or of standard input, whatever is in it.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { UsageError } from "../../failure.ts";

/**
 * @param path `-` is standard input
 * @param option the option or command that took the path, for messages
 */
export async function* linesOf(path: string, option: string): AsyncGenerator<string> {
  if (path !== "-") await mustBeFile(path, option);
  const input = path === "-" ? process.stdin : createReadStream(path, { encoding: "utf8" });
  // A broken read ends the lines, and would otherwise look like the end of the file.
  let broken: Error | undefined;
  input.on("error", (error: Error) => {
    broken = error;
  });
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.includes("\0"))
      throw new UsageError(`'${path}' is not text: ${option} takes lines of text`);
    yield line;
  }
  if (broken !== undefined) throw new UsageError(`cannot read '${path}': ${broken.message}`);
}

/** @throws UsageError if there is no such file */
export async function mustBeFile(path: string, option: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) {
      throw new UsageError(`'${path}' is a directory: ${option} takes a file`);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT")
      throw new UsageError(`there is no file '${path}' (relative to ${process.cwd()})`);
    throw new UsageError(`cannot read '${path}': ${message}`);
  }
}
