// Labels of invariants: an upper-case word of three letters or more and a number, unique in the
// repository. A file defines its labels in its head comment, each at the start of a comment line and
// followed by two spaces or more. Any text may cite them.
//
// Lines, not syntax: a line counts as a comment if it begins like one, or has `//` behind a space.

const DEFINITION = /^\s*(?:\/?\*+|\/\/)\s+([A-Z]+\d+)( +)\S/;
const TOKEN = /(?<![\w.$])([A-Z]{3,})(\d{1,3})(?!\w)/g;

/** Words that look like labels and are none. MTR1 is a magic number, read as text. */
const WORDS = new Set(["ARM64", "LEB128", "MTR1", "SIMD128"]);

export function checkLabels(files) {
  /** @type {Map<string, string>} label -> where it is defined */
  const defined = new Map();
  const problems = [];
  for (const { path, text } of files) {
    for (const { label, place, inHead } of definitions(path, text)) {
      if (!/^[A-Z]{3,}/.test(label)) {
        if (inHead)
          problems.push(`${place} ${label} is too short: a label has three letters or more`);
      } else if (!inHead) {
        problems.push(
          `${place} ${label} is defined below the head comment of its file: move it there`,
        );
      } else if (defined.has(label)) {
        problems.push(`${place} ${label} is defined a second time, first in ${defined.get(label)}`);
      } else {
        defined.set(label, place);
      }
    }
  }
  const prefixes = new Set([...defined.keys()].map((label) => label.replace(/\d+$/, "")));
  for (const { path, text } of files) {
    for (const { label, prefix, place, inProse } of citations(path, text)) {
      if (defined.has(label) || WORDS.has(label)) continue;
      if (prefixes.has(prefix)) {
        problems.push(`${place} ${label} is cited, but no file defines it`);
      } else if (inProse) {
        problems.push(
          `${place} ${label} is cited, but no file defines it, nor any ${prefix}; ` +
            "if it is no label, list it under WORDS in tooling/lint/src/labels.js",
        );
      }
    }
  }
  return { problems: problems.sort(byPlace), labels: defined.size };
}

function* definitions(path, text) {
  if (!isSource(path)) return;
  const lines = text.split("\n");
  const headEnd = lengthOfHead(lines);
  for (const [index, line] of lines.entries()) {
    const [, label, space] = DEFINITION.exec(line) ?? [];
    if (label === undefined || space.length < 2) continue;
    yield { label, place: `${path}:${index + 1}`, inHead: index < headEnd };
  }
}

function* citations(path, text) {
  for (const [index, line] of text.split("\n").entries()) {
    for (const match of line.matchAll(TOKEN)) {
      const [label, prefix] = match;
      const inProse = !isSource(path) || commentStart(line) < match.index;
      yield { label, prefix, place: `${path}:${index + 1}`, inProse };
    }
  }
}

/** How many lines there are before the first that is neither blank nor part of a comment. */
function lengthOfHead(lines) {
  let inBlock = false;
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (inBlock || trimmed.startsWith("/*")) {
      inBlock = !trimmed.includes("*/");
    } else if (trimmed !== "" && !trimmed.startsWith("//") && !trimmed.startsWith("#!")) {
      return index;
    }
  }
  return lines.length;
}

/** Where the comment of a line begins; Infinity if it has none. */
function commentStart(line) {
  const match = /^\s*(?:\/?\*|\/\/)|\s\/\/\s/.exec(line);
  return match === null ? Number.POSITIVE_INFINITY : match.index;
}

function isSource(path) {
  return !path.endsWith(".md");
}

function byPlace(a, b) {
  const [, pathA, lineA] = /^(.*?):(\d+) /.exec(a);
  const [, pathB, lineB] = /^(.*?):(\d+) /.exec(b);
  if (pathA !== pathB) return pathA < pathB ? -1 : 1;
  return Number(lineA) - Number(lineB);
}
