// Reads wasm.config.mjs, and refuses one that could not be built.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const fileName = /^[\w-]+$/;
const identifier = /^[A-Za-z_$][\w$]*$/;

/**
 * Whether only tests use a module. Such a one is not built with the packages, which would take twice as long, but before
 * their tests.
 */
export function isForTests(name) {
  return /-(debug|test)$/.test(name);
}

export async function loadConfig(directory) {
  const { default: config } = await import(pathToFileURL(join(directory, "wasm.config.mjs")).href);
  if (!Array.isArray(config)) throw new Error("wasm.config.mjs must export an array by default");
  const names = new Set();
  for (const { name, entry } of config) {
    if (!fileName.test(name ?? "")) throw new Error(`wasm.config.mjs: bad name '${name}'`);
    if (names.has(name)) throw new Error(`wasm.config.mjs: '${name}' is there twice`);
    if (typeof entry !== "string") throw new Error(`wasm.config.mjs: '${name}' has no entry`);
    names.add(name);
  }
  for (const { name, boundary } of config) checkBoundary(name, boundary, names);
  return config;
}

function checkBoundary(name, boundary, names) {
  if (boundary === undefined) return;
  const problem = boundaryProblem(boundary, names);
  if (problem !== undefined)
    throw new Error(`wasm.config.mjs: the boundary of '${name}' ${problem}`);
}

function boundaryProblem(boundary, names) {
  const { file, interface: type, constants } = boundary ?? {};
  if (!fileName.test(file ?? "")) return `has the bad file name '${file}'`;
  if (names.has(file))
    return `would overwrite the embedded module '${file}': give it another file name`;
  if (!identifier.test(type ?? "")) return `has the bad interface name '${type}'`;
  if (constants !== undefined && typeof constants !== "string")
    return "needs a path as its 'constants'";
  return undefined;
}
