// Command lines that end at once, many in one process.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const program = fileURLToPath(new URL("./run-each-program.mjs", import.meta.url));

export async function runEach(main, commandLines, { cwd, env = {} }) {
  const variables = { MAIN: main.href, COMMAND_LINES: JSON.stringify(commandLines) };
  const { stdout } = await promisify(execFile)(process.execPath, [program], {
    cwd,
    env: { ...process.env, ...env, ...variables },
  });
  return JSON.parse(stdout);
}
