// `figures`: compares the figures in the repository's Markdown with the committed results, or writes them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import type { Command } from "commander";
import { Regression } from "../failure.ts";
import { readStoreResult, STORE_KIND, storeFigureText } from "../store/result.ts";
import { type Figure, figuresIn, figureText } from "./figures.ts";
import { readResult } from "./read-result.ts";

/** A figure that does not say what its result says. */
export interface Stale {
  readonly file: string;
  readonly line: number;
  readonly problem: string;
}

const skipped = new Set(["node_modules", "dist", "build", "reports", "generated"]);

/** All Markdown of the repository, without what is installed or built. */
export function markdownFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      return skipped.has(entry.name) || entry.name.startsWith(".") ? [] : markdownFiles(path);
    }
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/**
 * @param results the folder of the committed results
 * @param write whether to correct the figures; problems that remain are returned
 */
export function checkFigures(
  files: readonly string[],
  results: string,
  write: boolean,
): { figures: number; stale: Stale[] } {
  const read = new Map<string, TextOf>();
  const stale: Stale[] = [];
  let figures = 0;
  for (const file of files) {
    const before = readFileSync(file, "utf8");
    let after = before;
    // From the end, so that places stay right.
    for (const { start, end, text, line, attributes } of figuresIn(before).reverse()) {
      figures++;
      try {
        const name = attributes.file;
        if (name === undefined || basename(name) !== name) {
          throw new Error("it needs file=NAME, a file in docs/benchmarks");
        }
        if (!read.has(name)) read.set(name, figuresOf(join(results, name)));
        const right = read.get(name)!(attributes);
        if (text === right) continue;
        if (!write) throw new Error(`it says '${text}', the result says '${right}'`);
        after = after.slice(0, start) + right + after.slice(end);
      } catch (error) {
        stale.push({ file, line, problem: (error as Error).message });
      }
    }
    if (after !== before) writeFileSync(file, after);
  }
  return { figures, stale };
}

/** Gives the text of a figure of one result. */
type TextOf = (attributes: Figure["attributes"]) => string;

function figuresOf(file: string): TextOf {
  if (kindOf(file) === STORE_KIND) {
    const result = readStoreResult(file);
    return (attributes) => storeFigureText(attributes, result);
  }
  const result = readResult(file);
  return (attributes) => figureText(attributes, result);
}

function kindOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")).kind;
  } catch {
    // `readResult` says what is wrong with the file.
    return undefined;
  }
}

export function addFiguresCommand(
  root: Command,
  { root: repository, print }: { readonly root: string; readonly print: (text: string) => void },
): void {
  root
    .command("figures")
    .description(
      "Compares the figures in all Markdown files with the results in docs/benchmarks that they name. The " +
        "comment before a figure says where it comes from; apps/benchmarks/README.md has the form.",
    )
    .option("--write", "correct them")
    .allowExcessArguments(false)
    .action(({ write = false }: { write?: boolean }) => {
      const results = join(repository, "docs/benchmarks");
      const { figures, stale } = checkFigures(markdownFiles(repository), results, write);
      if (stale.length > 0) {
        const lines = stale.map(
          ({ file, line, problem }) => `${relative(repository, file)}:${line}: ${problem}`,
        );
        throw new Regression(`figures that are not those of the results:\n  ${lines.join("\n  ")}`);
      }
      print(`${figures} figures, all as in the results`);
    });
}
