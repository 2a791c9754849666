// Mistakes to plant in the built package: each replaces texts that are there once.

export interface Mutant {
  readonly name: string;
  readonly replace: readonly (readonly [string, string])[];
}

const writeState = `  #writeState(state, pending) {
    const { states } = this;`;
const firstSync = `${writeState}
    this.file.sync();`;

export const mutants: readonly Mutant[] = [
  {
    name: "the meta page is written before the data",
    replace: [
      [firstSync, writeState],
      [
        "      this.#writeDirty(dirty);\n      const map",
        "      const early = () => this.#writeDirty(dirty);\n      const map",
      ],
      [
        "if (isSync) this.#writeState(state, pending);",
        "if (isSync) this.#writeState(state, pending); early();",
      ],
      [
        "    let pending;\n    try {\n      const early",
        "    let pending, early;\n    try {\n      early",
      ],
    ],
  },
  { name: "no sync before the meta page", replace: [[firstSync, writeState]] },
  {
    name: "no sync after the meta page",
    replace: [
      [
        "    this.#writeMeta(written);\n    this.file.sync();\n    return true;",
        "    this.#writeMeta(written);\n    return true;",
      ],
    ],
  },
  {
    name: "the only good meta page is overwritten",
    replace: [
      [
        "const written = { state, slot: 1 - states.slot, pending };",
        "const written = { state, slot: states.slot, pending };",
      ],
    ],
  },
  {
    name: "freed pages are used again at once",
    replace: [["    space.releasePending(oldest);", "    space.releasePending(Infinity);"]],
  },
  {
    name: "pages of the older meta page's state are used again",
    replace: [["states.fallback ?? states.durable", "states.durable"]],
  },
  {
    name: "pages of snapshots are used again",
    replace: [["space.releasePending(oldest);", "space.releasePending(most);"]],
  },
  {
    name: "after opening, the older state's pages are used again",
    replace: [["space.load(state, older);", "space.load(state, void 0);"]],
  },
  {
    name: "the checksums of chains are not checked",
    replace: [["  memory.checkStaged(index, page, newest);\n  const header", "  const header"]],
  },
  {
    name: "the checksums of the space map and the catalog's root are not checked",
    replace: [["for (let i = 0; i < pages; i++) this.checkStaged(i, first + i, newest);", ""]],
  },
  {
    name: "the checksums of meta pages are not checked",
    replace: [
      [
        "if (view.getUint32(CRC_AT, true) !== crc32c(bytes.subarray(0, CRC_AT))) return void 0;",
        "",
      ],
    ],
  },
  {
    name: "only one record of a meta page is written",
    replace: [
      [
        "for (const position of recordPositions(page.length, 0)) page.set(record, position);",
        "page.set(record, 0);",
      ],
    ],
  },
  {
    name: "a rollback keeps the transaction's pages in memory",
    replace: [["    exports.discard();", ""]],
  },
  {
    name: "a rollback does not give pages back",
    replace: [
      [
        "for (let i = 1; i < dirty.length; i += 2) this.space.release({ first: dirty[i], pages: 1 });",
        "",
      ],
    ],
  },
  {
    name: "a rollback does not give chains back",
    replace: [["    for (const run of this.written) this.#space.release(run);", ""]],
  },
  {
    name: "what a failed commit did to the space map stays",
    replace: [["      this.space.reload(this.state);", ""]],
  },
  {
    name: "freed pages are not recorded",
    replace: [
      [
        "for (const { first, pages } of freed) for (let i = 0; i < pages; i++) drop(first + i);",
        "",
      ],
    ],
  },
  {
    name: "pages in use are not recorded",
    replace: [
      [
        "for (const { first, pages } of taken) for (let i = 0; i < pages; i++) use(first + i);",
        "for (const { first, pages } of taken) if (pages === 1) use(first);",
      ],
    ],
  },
  {
    name: "after a failed sync the store goes on",
    replace: [
      [
        '      this.#file.sync();\n    } catch (cause) {\n      throw this.fail("A sync failed", cause);',
        "      this.#file.sync();\n    } catch {",
      ],
    ],
  },
  {
    name: "a failed write is not remembered",
    replace: [
      [
        "    this.#failed?.fail();\n    this.#failure ??= new StoreFailedError(",
        "    return new StoreFailedError(",
      ],
    ],
  },
  {
    name: "short writes are not continued",
    replace: [
      [
        "    while (done < source.length) {\n      const rest = done === 0 ? source",
        "    if (done < source.length) {\n      const rest = done === 0 ? source",
      ],
    ],
  },
  {
    name: "short reads are not continued",
    replace: [
      [
        "    while (done < target.length) {\n      const rest",
        "    for (let i = 0; i < 1; i++) {\n      const rest",
      ],
    ],
  },
  {
    name: "a full disk goes unnoticed",
    replace: [
      [
        "      if (error instanceof StoreFullError || this.file.hasFailed) throw error;",
        "      if (error instanceof StoreFullError) return;",
      ],
    ],
  },
  {
    name: "an entry that is removed still counts",
    replace: [["    this.size--;", ""]],
  },
  {
    name: "iterators go on after the end of their transaction",
    replace: [["    if (this.#ended !== void 0) throw new StoreEndedError(this.#ended);", ""]],
  },
  {
    name: "a promise is committed",
    replace: [
      [
        'const result = run(context);\n      refusePromise(result, "was rolled back");',
        "const result = run(context);",
      ],
    ],
  },
  {
    name: "a run of a stream keeps the length that it was expected to have",
    replace: [["    this.#stage(0, 1, head.payload, 0, head.payload.length);", ""]],
  },
  {
    name: "what a stream has written before it failed stays",
    replace: [["this.#writer.abandon();", ";"]],
  },
  {
    name: "conflicts go unnoticed",
    replace: [["part.entries.findChange(tree)", "void 0"]],
  },
  {
    name: "only the first bucket of a transaction is compared",
    replace: [
      [
        "part.entries.findChange(tree)",
        "(trees.length > 0 ? void 0 : part.entries.findChange(tree))",
      ],
    ],
  },
  {
    name: "keys of a range that was cut may come and go",
    replace: [
      [
        "    this.#reads.addRange(bounds, true).isWhole = true;\n    const forward",
        "    const forward",
      ],
    ],
  },
  {
    name: "what an optimistic transaction has only written is not compared",
    replace: [["if (differsAt(memory, older, newer, key, false)) return { key };", ""]],
  },
  {
    name: "keys that were read are not remembered",
    replace: [["    this.#reads.addKey(key, keyLength, false);", ""]],
  },
  {
    name: "keys that were only asked for are not remembered",
    replace: [["    this.#reads.addKey(key, keyLength, true);", ""]],
  },
  {
    name: "a value that was read may change if it was asked for before",
    replace: [["else known.value &&= keysOnly;", ""]],
  },
  {
    name: "a range that was read to its end is compared up to its last key",
    replace: [
      ["        this.#read.isWhole = true;\n        return false;", "        return false;"],
    ],
  },
  {
    name: "the number of entries that was read may change",
    replace: [["    this.#reads.addSize();", ""]],
  },
  {
    name: "a transaction within another one is let in",
    replace: [
      [
        '    if (this.#writing || this.#reading > 0) {\n      throw new StoreNestedError(\n        "This is',
        '    if (false) {\n      throw new StoreNestedError(\n        "This is',
      ],
    ],
  },
  {
    name: "closing does not write what is not on the disk",
    replace: [["      if (isBehind) core.flush();", ""]],
  },
  {
    name: "the loss of a commit is not reported",
    replace: [["recovery = meta === newest ? void 0 : {", "recovery = true ? void 0 : {"]],
  },
  {
    name: "the chain of a value that is replaced is lost",
    replace: [["if (chain !== 0) this.core.freeChain(chain, out[OUT_LENGTH]);", ""]],
  },
];
