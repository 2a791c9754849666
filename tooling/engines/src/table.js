// The page with what was found.

/**
 * @typedef {object} Finding
 * @property {string} name the package
 * @property {string} check
 * @property {string | undefined} problem
 */

const head = `# Engines

\`npm run engines\` packs every published package, installs each alone from its tarball into an empty project, and runs
the examples of its README there. It wrote this page. (The example of \`session\` needs a module that the reader compiles,
so everything that \`session\` exports is only imported.)

- **import, require**: the examples run on the engine, as ES modules and as CommonJS.
- **tsc**: their types are right by \`tsc --strict\` with this \`moduleResolution\`, and so are all declarations of the
  package (\`skipLibCheck\` is off).
- **esbuild, Vite**: the examples run on Node once they are bundled and minified.
- **browsers**: Vite bundles all that the package exports for browsers, without a warning. That does not say what
  browsers can do with it: \`btree-store\` needs OPFS, in a worker. \`npm run test:browser\` runs it there.

`;

/** @param {readonly Finding[]} findings */
export function page(findings) {
  const names = [...new Set(findings.map(({ name }) => name))].sort();
  const checks = [...new Set(findings.map(({ check }) => check))].sort(byGroup);
  const notes = [];
  const rows = checks.map((check) => [
    check,
    ...names.map((name) => {
      const found = findings.find((finding) => finding.name === name && finding.check === check);
      if (found === undefined) return "";
      if (found.problem === undefined) return "yes";
      notes.push(`${name}, ${check}: ${found.problem.split("\n").slice(0, 3).join(" ")}`);
      return `no (${notes.length})`;
    }),
  ]);
  const header = ["", ...names.map((name) => `\`${name.replace("@masstree/", "")}\``)];
  const widths = header.map((_, i) =>
    Math.max(3, ...[header, ...rows].map((row) => (row[i] ?? "").length)),
  );
  const lines = [header, widths.map((width) => "-".repeat(width)), ...rows].map(
    (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`,
  );
  const list = notes.map((note, i) => `${i + 1}. ${note}`);
  return `${head}${lines.join("\n")}\n${list.length > 0 ? `\n${list.join("\n")}\n` : ""}`;
}

/** Engines first, in their order of names and numbers. */
function byGroup(a, b) {
  const group = (check) =>
    ["Node", "Bun", "Deno", "tsc", "esbuild", "Vite"].indexOf(check.split(/[ ,]/)[0]);
  return group(a) - group(b) || a.localeCompare(b, "en", { numeric: true });
}
