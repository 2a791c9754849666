// The engines, which npm installs from packages that carry them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npm, outputOf } from "./run.js";

/**
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} command
 * @property {string[]} args what stands before the program
 */

/** @type {Engine} */
export const present = {
  name: `Node ${process.versions.node}`,
  command: process.execPath,
  args: [],
};

/**
 * @param {string} folder
 * @returns {Promise<Engine[]>}
 */
export async function installEngines(folder) {
  const engines = [];
  // The oldest one that the packages support, and the newest of each line since.
  for (const version of ["20.19.0", "22", "24", "26"]) {
    const command = await install(join(folder, `node-${version}`), `node@${version}`, "node");
    const name = `Node ${(await outputOf(command, ["--version"], folder)).trim().slice(1)}`;
    engines.push({ name, command, args: [] });
  }
  const bun = await install(join(folder, "bun"), "bun", "bun");
  const bunVersion = (await outputOf(bun, ["--version"], folder)).trim();
  engines.push({ name: `Bun ${bunVersion}`, command: bun, args: ["run"] });
  const deno = await install(join(folder, "deno"), "deno", "deno");
  const denoVersion = /deno ([\d.]+)/.exec(await outputOf(deno, ["--version"], folder))?.[1];
  engines.push({ name: `Deno ${denoVersion}`, command: deno, args: ["run", "--allow-all"] });
  return engines;
}

/** Installs a package into a folder of its own, and returns the path of its program. */
async function install(folder, spec, program) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), "{}\n");
  await npm(["install", spec], folder);
  return join(folder, "node_modules", ".bin", program);
}
