// The build preset of all packages. A package passes only its entries, so that replacing the bundler
// changes only this file.
import { defineConfig } from "tsup";

const shared = {
  format: ["esm"],
  target: "es2022",
  platform: "neutral",
  sourcemap: true,
  minify: false,
  splitting: true,
  treeshake: false,
  clean: true,
  silent: true,
};

export function library({ entry }) {
  return defineConfig({
    ...shared,
    entry,
    dts: true,
    define: { "import.meta.FOR_BROWSERS": "false" },
  });
}

export function libraryForBrowsers({ entry }) {
  const define = { "import.meta.FOR_BROWSERS": "true" };
  // Both builds run at the same time. The other one cleans the folder, and writes the declarations.
  return defineConfig({
    ...shared,
    entry,
    outDir: "dist/browser",
    clean: false,
    dts: false,
    define,
  });
}

export function app({ entry, external = [] }) {
  return defineConfig({ ...shared, entry, external, platform: "node", dts: false });
}

export function page({ entry }) {
  const inPage = { platform: "browser", outDir: "dist/page", noExternal: [/./], dts: false };
  // Both builds of an app run at the same time. The other one cleans the folder.
  return defineConfig({ ...shared, entry, ...inPage, clean: false });
}
