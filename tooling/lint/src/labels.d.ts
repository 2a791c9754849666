/** A file of a repository: its path from the root, and its text. */
export interface SourceFile {
  path: string;
  text: string;
}

export interface LabelReport {
  /** What is wrong, in the order of places, each as `path:line message`. */
  problems: string[];
  /** How many labels are defined. */
  labels: number;
}

/** Checks that each label of an invariant is defined once, and that each one that is cited is defined. */
export function checkLabels(files: SourceFile[]): LabelReport;
