// The one build preset. Packages name their entries here and nothing else, so that
// replacing the bundler touches this file only.
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
  return defineConfig({ ...shared, entry, dts: true });
}

export function app({ entry }) {
  return defineConfig({ ...shared, entry, platform: "node", dts: false });
}

export function page({ entry }) {
  const inPage = { platform: "browser", outDir: "dist/page", noExternal: [/./], dts: false };
  // The two builds of an app run at once: cleaning is left to the other.
  return defineConfig({ ...shared, entry, ...inPage, clean: false });
}
