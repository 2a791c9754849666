// Runs a command of this repository on a machine that has only Node and npm. It fetches the pinned pnpm
// through npx, installs the lockfile's packages unless that is already done, and then runs the command.
//
//   node scripts/bootstrap.mjs start [args]       build, then index the words of all installed files
//   node scripts/bootstrap.mjs check [args]       build, then check the map on real input
//   node scripts/bootstrap.mjs bench [args]       build, then run the benchmark app; also guard, figures
//   node scripts/bootstrap.mjs bench-browser      build, then serve the benchmark's page for browsers
//   node scripts/bootstrap.mjs explore [args]     build, then run the interleaving explorer; also
//                              mutants, crashes
//   node scripts/bootstrap.mjs soak [args]        build, then run the soak
//   node scripts/bootstrap.mjs engines [args]     build, then install and run each package on every engine
//   node scripts/bootstrap.mjs browser [args]     build, then run the checks and a short benchmark in real browsers
//   node scripts/bootstrap.mjs test [args]        build and test everything
//   node scripts/bootstrap.mjs turbo args         run any turbo command
//   node scripts/bootstrap.mjs exec command args  run any installed tool
//
// This script has no dependencies, because it runs before any are installed.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const [command = "test", ...args] = process.argv.slice(2);

checkNode();
await install();

switch (command) {
  case "start":
    await app("apps/benchmarks", "dist/cli.js", ["index", ...args]);
    break;
  case "check":
    await app("apps/benchmarks", "dist/cli.js", ["check", ...args]);
    break;
  case "bench":
  case "guard":
  case "figures":
    await app("apps/benchmarks", "dist/cli.js", [command, ...args]);
    break;
  case "bench-browser":
    await app("apps/benchmarks", "dist/browser.js", args);
    break;
  case "explore":
  case "mutants":
  case "crashes":
    // Packages' own tests hunt generated mutants.
    if (command === "mutants") await buildForTests();
    await app("tooling/interleave", "dist/cli/cli.js", [command, ...args]);
    break;
  case "soak":
    await app("apps/soak", "dist/cli.js", args);
    break;
  case "engines":
    await turbo(["run", "build", "--filter=./packages/*", "--output-logs=errors-only"]);
    await run(process.execPath, [join(root, "tooling/engines/bin/engines.js"), ...args]);
    break;
  case "browser":
    await app("apps/browser-check", "dist/cli.js", args);
    if (!args.some((arg) => ["--serve", "--help", "-h"].includes(arg)))
      await app("apps/benchmarks", "dist/browser.js", ["--check"]);
    break;
  case "test":
    // A failing package must not hide the results of the others.
    await turbo(["run", "build", "test", "--continue=dependencies-successful", ...args]);
    break;
  case "turbo":
    await turbo(args);
    break;
  case "exec":
    await pnpm(["exec", ...args]);
    break;
  default:
    fail(`unknown command '${command}'`);
}

function checkNode() {
  const wanted = /(\d+)\.(\d+)/.exec(manifest.engines.node);
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [wantedMajor, wantedMinor] = wanted.slice(1).map(Number);
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
    fail(
      `This repository needs Node ${manifest.engines.node}, but this is ${process.versions.node}. ` +
        "Install a newer version from https://nodejs.org or with your version manager.",
    );
  }
}

async function install() {
  if (isInstalled()) return;
  // --prod=false, because building needs the tools even if NODE_ENV or an npm setting says 'production'.
  await pnpm([
    "install",
    "--frozen-lockfile",
    "--prod=false",
    "--config.confirmModulesPurge=false",
  ]);
}

/** Whether the last install used this lockfile, and every package is still installed and unchanged. */
function isInstalled() {
  const installedLock = join(root, "node_modules", ".pnpm", "lock.yaml");
  const state = join(root, "node_modules", ".pnpm-workspace-state-v1.json");
  if (!existsSync(installedLock) || !existsSync(state)) return false;
  const lock = readFileSync(join(root, "pnpm-lock.yaml"), "utf8");
  if (readFileSync(installedLock, "utf8") !== lock) return false;
  const installedAt = statSync(state).mtimeMs;
  return workspaceDirectories().every((directory) => {
    const file = join(directory, "package.json");
    const { dependencies, devDependencies } = JSON.parse(readFileSync(file, "utf8"));
    const hasDependencies = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
    return (
      statSync(file).mtimeMs <= installedAt &&
      (!hasDependencies || existsSync(join(directory, "node_modules")))
    );
  });
}

function workspaceDirectories() {
  return ["packages", "apps", "examples", "tooling"].flatMap((group) => {
    if (!existsSync(join(root, group))) return [];
    return readdirSync(join(root, group))
      .map((name) => join(root, group, name))
      .filter((directory) => existsSync(join(directory, "package.json")));
  });
}

/** Builds an app of the workspace, then runs it. */
async function app(directory, cli, args) {
  await turbo(["run", "build", `--filter=./${directory}`, "--output-logs=errors-only"]);
  await run(process.execPath, [join(root, directory, cli), ...args]);
}

/** Builds the modules that only the packages' tests use. */
function buildForTests() {
  const tests = ["build:wasm:tests", "--filter=./packages/*"];
  return turbo(["run", ...tests, "--output-logs=errors-only"]);
}

/** Runs turbo inside pnpm's environment, because turbo calls pnpm by name. */
function turbo(args) {
  return pnpm(["exec", "turbo", ...args]);
}

function pnpm(args) {
  const spec = manifest.packageManager.split("+")[0];
  const npx = ["exec", "--yes", `--package=${spec}`, "--", "pnpm", ...args];
  const npmCli = findNpm();
  if (npmCli !== undefined) return run(process.execPath, [npmCli, ...npx]);
  return run("npm", npx, { shell: process.platform === "win32" });
}

/** Finds npm's own script, which runs without a shell on every system. */
function findNpm() {
  const bin = dirname(process.execPath);
  return [
    process.env.npm_execpath,
    join(bin, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    join(bin, "node_modules", "npm", "bin", "npm-cli.js"),
  ].find((file) => file?.endsWith("npm-cli.js") && existsSync(file));
}

function environment() {
  const env = {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    npm_config_update_notifier: "false",
  };
  // Settings for npm or an outer pnpm must not reach the inner pnpm.
  for (const name of [
    "omit",
    "include",
    "production",
    "only",
    "dry_run",
    "workspace",
    "prefix",
    "loglevel",
  ]) {
    delete env[`npm_config_${name}`];
  }
  if (env.NODE_ENV === "production") delete env.NODE_ENV;
  return env;
}

/** Runs a program to its end. If its status is not 0, this process exits with the same status. */
function run(file, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: "inherit",
      env: environment(),
      ...options,
    });
    const handlers = ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => {
      // A terminal also signals the child, so there is no need to pass the signal on.
      const handler = () => process.stdin.isTTY || child.kill(signal);
      process.on(signal, handler);
      return () => process.off(signal, handler);
    });
    child.on("error", (error) => fail(error.message));
    child.on("exit", (status, signal) => {
      for (const remove of handlers) remove();
      if (signal !== null) process.exit(128 + constants.signals[signal]);
      if (status !== 0) process.exit(status);
      resolve();
    });
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
