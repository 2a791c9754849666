// Bundles the benchmark for browsers: what it imports from Node is replaced by src/browser/node, and peers that need
// files or native code are left out.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { page } from "@tooling/tsup";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const inNode = (name) => at(`./src/browser/node/${name}.ts`);

const modules = {
  "node:worker_threads": inNode("worker-threads"),
  "node:buffer": inNode("buffer"),
  "node:module": inNode("module"),
  linkedom: at("./src/browser/linkedom.ts"),
};

/** Node's other modules are all in one file. */
const system = inNode("system");

const onlyInNode = /[\\/]bench[\\/]peers[\\/](lmdb|memory-level|shareable-map|sharedmap)\.ts$/;

const plugin = {
  name: "browser",
  setup(build) {
    build.onResolve({ filter: /^(node:.*|linkedom)$/ }, ({ path }) => ({
      path: modules[path] ?? system,
    }));
    build.onLoad({ filter: onlyInNode }, ({ path }) => ({
      contents: `throw new Error(${JSON.stringify(`${path.split(/[\\/]/).at(-1)} needs Node`)});`,
    }));
  },
};

function versions() {
  const manifest = (name) => {
    const folder = new URL(`./node_modules/${name}/`, import.meta.url);
    return JSON.parse(readFileSync(new URL("package.json", folder), "utf8"));
  };
  return Object.fromEntries(
    ["masstree", "sorted-btree", "@js-sdsl/ordered-map"].map((name) => [
      name,
      manifest(name).version,
    ]),
  );
}

export function forBrowsers(entry) {
  const options = page({ entry });
  return {
    ...options,
    // Otherwise Node's modules are external before the plugin sees them.
    removeNodeProtocol: false,
    esbuildPlugins: [plugin],
    inject: [inNode("globals")],
    define: { "import.meta.VERSIONS": JSON.stringify(versions()) },
  };
}
