import type { SourceFile } from "./labels.js";

export interface LinkReport {
  /** What is wrong, each as `path:line link message`. */
  problems: string[];
  /** How many links there are. */
  links: number;
}

/**
 * Checks that the links of Markdown files lead to files and folders of the repository, and to headings
 * that are there.
 *
 * @param files the Markdown files
 * @param paths the paths of all files, from the root
 */
export function checkLinks(files: SourceFile[], paths: string[]): LinkReport;
