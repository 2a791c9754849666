// Runs a command that is installed in this package or in the workspace root. If the command fails, the
// process exits with its status.
import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

export const root = path("../../");

export function runTool(command, args, cwd = process.cwd()) {
  const bins = [path("./node_modules/.bin"), path("../../node_modules/.bin")];
  const { status, error } = spawnSync(command, args, {
    cwd,
    stdio: "inherit",
    shell: process.platform === "win32",
    env: {
      ...process.env,
      PATH: [...bins, process.env.PATH].join(delimiter),
      TURBO_TELEMETRY_DISABLED: "1",
      DO_NOT_TRACK: "1",
    },
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
