// The published packages, packed as for publishing.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { outputOf } from "./run.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * @typedef {object} Package
 * @property {string} name
 * @property {string} tarball
 * @property {string[]} entries what can be imported of it
 * @property {string[]} needed the names of all packages of this repository that it needs
 */

/**
 * Packs all of them into a folder.
 *
 * @param {string} folder
 * @returns {Promise<Package[]>}
 */
export async function packAll(folder) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const pack = ["--recursive", "--filter", "./packages/*", "pack", "--pack-destination", folder];
  await outputOf("npx", ["--yes", packageManager, ...pack], root);
  const manifests = readdirSync(join(root, "packages")).map((name) =>
    JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")),
  );
  const own = new Map(manifests.map((manifest) => [manifest.name, manifest]));
  return manifests.map((manifest) => ({
    name: manifest.name,
    tarball: join(
      folder,
      `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`,
    ),
    entries: Object.entries(manifest.exports)
      .filter(([, target]) => target.types !== undefined)
      .map(([entry]) => manifest.name + entry.slice(1)),
    needed: [...dependenciesOf(manifest, own)],
  }));
}

function dependenciesOf(manifest, own, found = new Set()) {
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (!own.has(name) || found.has(name)) continue;
    found.add(name);
    dependenciesOf(own.get(name), own, found);
  }
  return found;
}
