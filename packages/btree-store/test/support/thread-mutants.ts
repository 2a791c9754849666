// Mistakes in what threads share, to plant in the built package: each replaces texts that are there once.
import type { Mutant } from "./mutants.ts";

/** What has to catch it: histories of threads, one that reads while others commit, or writers that die. */
export interface ThreadMutant extends Mutant {
  readonly by: "histories" | "reading" | "deaths";
}

export const threadMutants: readonly ThreadMutant[] = [
  {
    name: "a thread begins with the state that it saw first",
    by: "histories",
    replace: [
      [
        "if (commit !== this.#known.commit) this.#known = stateIn(views);",
        "if (this.#known.commit === 0) this.#known = stateIn(views);",
      ],
    ],
  },
  {
    name: "a transaction that writes begins with a state from before it had the lock",
    by: "histories",
    replace: [
      [
        "  begin(timeout) {\n    this.lock(timeout);",
        "  begin(timeout) {\n    const early = this.state;\n    this.lock(timeout);\n    this.early = early;",
      ],
      [
        "new Context(core, core.state, void 0)",
        "new Context(core, core.early ?? core.state, void 0)",
      ],
    ],
  },
  {
    name: "the writer's lock is not waited for",
    by: "histories",
    replace: [
      [
        "while (this.#memory.open().exports.lockWriter(waits) === 0) {",
        "while (this.#memory.open().exports.lockWriter(waits) === 2) {",
      ],
    ],
  },
  {
    name: "pages that another thread reads are used again",
    by: "reading",
    replace: [["    space.releasePending(oldest);", "    space.releasePending(most);"]],
  },
  {
    name: "a read transaction does not say what it reads",
    by: "reading",
    replace: [["return this.#found(exports.beginRead(), result);", "return this.read();"]],
  },
  {
    name: "a snapshot does not say what it reads",
    by: "histories",
    replace: [
      [
        "return exports.addSnapshot(state.commit, since, written);",
        "return exports.addSnapshot(2 ** 40, since, written);",
      ],
    ],
  },
  {
    name: "a thread does not look where the others have moved the space map",
    by: "histories",
    replace: [
      [
        "    this.space.enter();\n    if (this.states.isOrphaned)",
        "    if (this.states.isOrphaned)",
      ],
    ],
  },
  {
    name: "what a dead writer has left stays",
    by: "deaths",
    replace: [["if (this.states.isOrphaned) this.#adopt();", ""]],
  },
  {
    name: "the space map of a dead writer is taken for that of the newest state",
    by: "deaths",
    replace: [['    this.#reload("A thread died while it was writing");', ""]],
  },
  {
    name: "the pages of a dead writer stay dirty",
    by: "deaths",
    replace: [["    this.memory.open().exports.discardOrphaned();", ""]],
  },
  {
    name: "a commit whose meta page may be on the disk is not finished",
    by: "deaths",
    replace: [
      [
        "    if (written !== void 0) {\n      this.#writeMeta(written);",
        "    if (false) {\n      this.#writeMeta(written);",
      ],
    ],
  },
];
