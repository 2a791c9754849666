// What the page measures when its server checks it, and what it posts then.

export const checked = {
  workloads: ["insert", "get", "scan-100", "insert-if-absent", "wake"],
  peers: ["MassTreeInline", "MassTree (json)", "Map", "sorted-btree", "js-sdsl", "messages"],
  keys: ["hex16"],
  sizes: [1000],
  threads: [1, 2],
  rounds: 2,
  interval: 10,
  baseline: "sorted-btree",
} as const;

export interface Report {
  readonly userAgent: string;
  /** The file that its user would save. */
  readonly json?: string;
  /** The report that its user would save. */
  readonly html?: string;
  /** How many plots the page showed at once while the benchmark ran, and at its end. */
  readonly plots: readonly [during: number, end: number];
  /** Errors that nobody handled, and why the run failed. */
  readonly errors: readonly string[];
}
