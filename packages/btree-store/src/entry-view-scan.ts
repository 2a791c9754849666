import type { GuardMemory, ViewScan } from "@masstree/tree";
import type { Context } from "./context.ts";
import type { EntryScan } from "./entries.ts";

/** A scan for a guard of a transaction. It copies entry by entry: what it reads may be what the transaction has written. */
export class EntryViewScan implements ViewScan {
  readonly #context: Context;
  readonly #scan: EntryScan;

  constructor(context: Context, scan: EntryScan) {
    this.#context = context;
    this.#scan = scan;
  }

  next(memory: GuardMemory): boolean {
    this.#context.check();
    memory.recycle();
    return this.#scan.next();
  }

  key(memory: GuardMemory): Uint8Array {
    const [from, to] = this.#scan.keyRange();
    return memory.copy(this.#scan.bytes, from, to);
  }

  value(memory: GuardMemory): Uint8Array {
    return this.#scan.value((bytes, from, to) => memory.copy(bytes, from, to));
  }

  stop(): void {
    this.#scan.stop();
  }
}
