// Links of Markdown files to other files of the repository, and to their headings. Addresses with a scheme
// are left alone.
//
// A heading's anchor is made as GitHub makes it: lower case, without punctuation, spaces become hyphens, and
// a number behind it if there was one of this name before.
import { posix } from "node:path";

const LINK = /\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)/g;

export function checkLinks(files, paths) {
  const texts = new Map(files.map(({ path, text }) => [path, withoutCode(text)]));
  const folders = new Set([".", ...paths.flatMap(foldersOf)]);
  const known = new Set(paths);
  const problems = [];
  let links = 0;
  for (const [path, text] of texts) {
    for (const [index, line] of text.split("\n").entries()) {
      for (const [, inline, reference] of line.matchAll(LINK)) {
        const link = inline ?? reference;
        if (/^[a-z]+:/.test(link)) continue;
        links++;
        const problem = problemWith(path, link);
        if (problem !== undefined) problems.push(`${path}:${index + 1} ${link} ${problem}`);
      }
    }
  }
  return { problems, links };

  function problemWith(from, link) {
    const [place, anchor] = link.split("#");
    const target = place === "" ? from : posix.normalize(posix.join(posix.dirname(from), place));
    const folder = target.replace(/\/$/, "");
    const isFolder = folders.has(folder);
    if (!known.has(target) && !isFolder) return "leads nowhere";
    if (anchor === undefined) return undefined;
    const page = isFolder ? posix.join(folder, "README.md") : target;
    return anchorsOf(texts.get(page) ?? "").has(anchor) ? undefined : "leads to no heading";
  }
}

/** Blanks out fenced code, and keeps the numbers of lines. */
function withoutCode(text) {
  return text.replaceAll(/^( *```).*?^\1 *$/gms, (code) => code.replaceAll(/[^\n]/g, ""));
}

function anchorsOf(text) {
  const anchors = new Set();
  for (const [, heading] of text.matchAll(/^#+ (.*)$/gm)) {
    const anchor = anchorOf(heading);
    let unique = anchor;
    for (let n = 1; anchors.has(unique); n++) unique = `${anchor}-${n}`;
    anchors.add(unique);
  }
  return anchors;
}

function anchorOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function foldersOf(path) {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}
