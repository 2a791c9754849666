import type typescript from "typescript";

/** An example of a document. */
export interface Block {
  /** The line of its fence. */
  readonly line: number;
  readonly language: "ts" | "js";
  readonly code: string;
  /** The name under which other programs of the document find it. */
  readonly file: string;
  /** Whether it is a program of its own, not a file of another one. */
  readonly isRun: boolean;
}

/** The examples of a Markdown document that are programs for Node, or files of such a program. */
export function blocks(markdown: string): Block[];

/**
 * The JavaScript of an example, an ES module, which throws if something is not as its comments say.
 *
 * @param start code to put in front of it, on the same line
 */
export function toProgram(
  language: Block["language"],
  start: string,
  code: string,
  compiler: typeof typescript,
): string;
