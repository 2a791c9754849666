import type { GuardMemory, ViewScan, Visitor } from "@masstree/tree";
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

  run(memory: GuardMemory, visit: Visitor): void {
    const scan = this.#scan;
    const copy = (bytes: Uint8Array, from: number, to: number) => memory.copy(bytes, from, to);
    while (this.#next()) {
      memory.recycle();
      const [from, to] = scan.keyRange();
      const key = memory.copy(scan.bytes, from, to);
      if (!visit(key, scan.value(copy))) return;
    }
  }

  stop(): void {
    this.#scan.stop();
  }

  #next(): boolean {
    this.#context.check();
    return this.#scan.next();
  }
}
