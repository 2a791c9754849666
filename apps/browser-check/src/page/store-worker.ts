/* A worker of the page that has a store in OPFS open. `store-plan.ts` defines what it commits. */
import { BTreeStore, type Durability, type StoreHandle } from "@masstree/btree-store";
import { type OpfsOptions, type OpfsVfs, opfsVfs } from "@masstree/btree-store/opfs";
import { obey } from "./obey.ts";
import { apply, check, stepsOf } from "./store-plan.ts";
import { sleep } from "./thread.ts";

export interface StoreOrders {
  /** Returns the store's handle; undefined if the browser gives a file to one thread only. */
  open(path: string, options?: OpfsOptions): Promise<StoreHandle | undefined>;
  attach(handle: StoreHandle): Promise<void>;
  /** Tries to open a store, and returns the code of the error. */
  refusal(file: string | StoreHandle, options?: OpfsOptions): Promise<string>;
  /** Takes steps, from `first` to `last`, each when the store is not busy. Returns how often it was. */
  commit(name: string, first: number, last: number, durability: Durability): Promise<number>;
  /** Takes steps forever, and never returns to its event loop. The first word of `done` has the last acknowledged one. */
  flood(name: string, first: number, done: SharedArrayBuffer): never;
  /** Adds 1 to a number that others add to as well. */
  count(times: number): Promise<void>;
  counted(): number;
  /** Checks the store, and what `name` has committed. Returns its last step. */
  check(name: string): number;
  /** Tries to copy to a path that was not prepared, and returns the code; then copies to it. */
  backup(path: string): Promise<string>;
  close(): void;
}

let vfs: OpfsVfs | undefined;
let store: BTreeStore | undefined;

const codeOf = (error: unknown) => String((error as { code?: unknown }).code ?? error);

const orders: StoreOrders = {
  async open(path, options) {
    vfs = await opfsVfs(path, options);
    store = BTreeStore.open(path, { vfs, readOnly: options?.readOnly });
    try {
      return store.handle;
    } catch (error) {
      if (codeOf(error) !== "MASSTREE_UNSUPPORTED") throw error;
      return undefined;
    }
  },
  async attach(handle) {
    vfs = await opfsVfs(handle);
    store = BTreeStore.attach(handle, { vfs });
  },
  async refusal(file, options) {
    try {
      (await opfsVfs(file, options)).close();
    } catch (error) {
      return codeOf(error);
    }
    return "none";
  },
  async commit(name, first, last, durability) {
    let busy = 0;
    for (let step = first; step <= last; ) {
      try {
        store!.write(stepsOf(name), (txn) => apply(txn, step), { durability, timeout: 100 });
        step++;
      } catch (error) {
        if (codeOf(error) !== "STORE_BUSY" || ++busy > 200) throw error;
      }
      // What ended threads have left, one hears of in the event loop.
      await sleep(0);
    }
    return busy;
  },
  flood(name, first, done) {
    const acknowledged = new Int32Array(done);
    for (let step = first; ; step++) {
      store!.write(stepsOf(name), (txn) => apply(txn, step));
      Atomics.store(acknowledged, 0, step);
    }
  },
  async count(times) {
    for (let i = 0; i < times; i++) {
      store!.write<number>("counts", (txn) => void txn.update("n", (n = 0) => n + 1), {
        durability: "batch",
      });
      if (i % 10 === 0) await sleep(0);
    }
    await store!.flush();
  },
  counted() {
    return store!.read<number, string, number>("counts", (txn) => txn.get("n") ?? 0);
  },
  check(name) {
    store!.check();
    return store!.read(stepsOf(name), check);
  },
  async backup(path) {
    let code = "none";
    try {
      await store!.backup(path);
    } catch (error) {
      code = codeOf(error);
    }
    await vfs!.prepare(path);
    await store!.backup(path);
    return code;
  },
  close() {
    store!.close();
    vfs!.close();
  },
};

obey(orders);
