// A mutant is the core with one thing wrong. The explorer has to find out; if it does not, the
// explorer (or its catalog of programs) has a hole.

/** One change of the sources, made while they are compiled. */
export interface Edit {
  /** End of the file's path: `tree/assembly/put.ts`. */
  readonly file: string;
  /** Text that is in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** A planted mistake. */
export interface Mutant {
  /** What is wrong: `drops the version check after a leaf was read`. */
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** One change: in `file`, `find` becomes `replace`. */
export function edit(file: string, find: string, replace: string): Edit {
  return { file, find, replace };
}

/** A mistake of so many changes. */
export function mutant(name: string, ...edits: Edit[]): Mutant {
  return { name, edits };
}

/** Applies edits while a compilation reads its files, and knows whether all of them took place. */
export class Patch {
  readonly #edits: readonly Edit[];
  readonly #applied = new Set<Edit>();

  constructor(edits: readonly Edit[]) {
    this.#edits = edits;
  }

  /**
   * The changed text of a file, undefined when no edit is about it. Throws when an edit's text is not
   * there exactly once: then the source has moved on, and the mutant must follow.
   */
  readonly replace = (path: string, text: string): string | undefined => {
    let changed = text;
    const name = path.replaceAll("\\", "/");
    for (const edit of this.#edits) {
      if (!name.endsWith(`/${edit.file}`)) continue;
      const count = changed.split(edit.find).length - 1;
      if (count !== 1) {
        throw new Error(`${edit.file}: the text to change is there ${count} times: ${edit.find}`);
      }
      changed = changed.replace(edit.find, () => edit.replace);
      this.#applied.add(edit);
    }
    return changed === text ? undefined : changed;
  };

  /** Throws when a file that was to be changed was not compiled at all. */
  finish(): void {
    for (const edit of this.#edits) {
      if (!this.#applied.has(edit)) throw new Error(`${edit.file} was not compiled`);
    }
  }
}
