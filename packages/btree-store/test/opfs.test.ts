// Files in OPFS, on a fake of the browser's side that keeps to the specifications: what is prepared, stored and refused.
// opfs-threads.test.ts has several threads and tabs, apps/browser-check real browsers.
import { random } from "@tooling/vitest/random";
import { afterEach, describe, expect, test, vi } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { opfsVfs } from "../src/opfs.ts";
import { type OpfsOptions, prepared } from "../src/opfs-vfs.ts";
import { type EngineOptions, FakeSite, type FakeThread } from "./support/fake-opfs.ts";
import {
  type Contents,
  changeModel,
  changeStore,
  contentsOf,
  drawChanges,
  same,
} from "./support/model.ts";
import { get, openIn, set, settled, withCode } from "./support/opfs-stores.ts";

afterEach(() => vi.unstubAllGlobals());

const engines: [string, EngineOptions][] = [
  ["as specified", {}],
  ["that refuses shared memory", { takesShared: false }],
  ["without modes of access handles", { hasModes: false }],
];

describe.each(engines)("in an engine %s", (_name, engine) => {
  test("a store has what was committed, however often it is opened again", async () => {
    const draw = random(1);
    const site = new FakeSite(engine);
    const thread = site.thread();
    const model: Contents = new Map();
    const vfs = await prepared(thread, [], {});
    for (let opening = 0; opening < 5; opening++) {
      await vfs.prepare("app/data.db");
      using store = BTreeStore.open("app/data.db", { vfs, cacheBytes: 0 });
      store.check();
      expect(same(contentsOf(store), model)).toBe(true);
      for (let i = 0; i < 6; i++) {
        const changes = drawChanges(draw, 20);
        changeModel(model, changes);
        store.writeMany((buckets) => changeStore(buckets, changes));
        expect(same(contentsOf(store), model)).toBe(true);
      }
      if (opening === 3) store.compact();
    }
    await settled();
    expect([thread.open, site.locks]).toEqual([0, []]);
  });

  test("another tab is refused until the store is closed", async () => {
    const site = new FakeSite(engine);
    const { store } = await openIn(site.thread());
    set(store, 1);
    const file = site.fileAt("data.db");
    await expect(openIn(site.thread())).rejects.toEqual(withCode("STORE_LOCKED"));
    await expect(openIn(site.thread(), { readOnly: true })).rejects.toEqual(
      withCode("STORE_LOCKED"),
    );
    expect(site.fileAt("data.db")).toEqual(file);
    store.close();
    await settled();
    const { store: second } = await openIn(site.thread());
    expect(get(second)).toBe(1);
    second.close();
  });

  test("a thread that has ended keeps nobody out, also if its access handle is closed later", async () => {
    const site = new FakeSite(engine);
    const thread = site.thread();
    set((await openIn(thread)).store, 1);
    thread.end({ keepsHandlesFor: 100 });
    const { store } = await openIn(site.thread());
    expect(get(store)).toBe(1);
    store.close();
  });

  test("a full site gives STORE_FULL, rolls back, and takes a smaller transaction", async () => {
    const site = new FakeSite(engine);
    const { store } = await openIn(site.thread());
    set(store, "small");
    site.quota = site.used + 100_000;
    const large = "x".repeat(1_000_000);
    expect(() => set(store, large)).toThrow(withCode("STORE_FULL"));
    expect(() => store.write("a", (txn) => txn.setStream("s", [new Uint8Array(500_000)]))).toThrow(
      withCode("STORE_FULL"),
    );
    expect(get(store)).toBe("small");
    set(store, "smaller");
    store.check();
    site.quota = Infinity;
    set(store, large);
    expect(get(store)).toBe(large);
    store.check();
    store.close();
  });

  test("a site is filled to its last pages", async () => {
    const site = new FakeSite(engine);
    const { store } = await openIn(site.thread());
    site.quota = site.used + 1_000_000;
    let keys = 0;
    const fill = () => {
      for (; keys < 1000; keys++) {
        store.write("a", (txn) => txn.set(`key ${keys}`, "x".repeat(20_000)));
      }
    };
    expect(fill).toThrow(withCode("STORE_FULL"));
    expect(site.quota - site.used).toBeLessThan(100_000);
    store.check();
    expect(store.read("a", (txn) => txn.size)).toBe(keys);
    store.close();
  });

  test("with batch, commits of one turn are synced in the background", async () => {
    const site = new FakeSite(engine);
    const { store } = await openIn(site.thread());
    const before = site.flushes;
    for (let i = 0; i < 50; i++) {
      store.write("a", (txn) => txn.set("k", i), { durability: "batch" });
    }
    expect(site.flushes).toBe(before);
    await store.flush();
    expect(site.flushes - before).toBeLessThan(10);
    expect(store.stats().durableCommit).toBe(store.stats().commit);
    store.close();
  });
});

test("shared memory goes to the access handle directly, and is tried once where that is refused", async () => {
  const site = new FakeSite();
  const { store } = await openIn(site.thread());
  set(store, 1);
  expect(site.sharedCalls).toBeGreaterThan(1);
  store.close();
  const other = new FakeSite({ takesShared: false });
  const { store: copying } = await openIn(other.thread());
  for (let i = 0; i < 5; i++) set(copying, "x".repeat(300_000));
  expect(other.sharedCalls).toBe(1);
  copying.close();
});

describe("preparing", () => {
  test("is asked for by whoever opens, attaches or makes a backup without it", async () => {
    const site = new FakeSite();
    const thread = site.thread();
    const { store, vfs } = await openIn(thread);
    set(store, 1);
    const copying = store.backup("copy.db");
    await expect(copying).rejects.toEqual(withCode("MASSTREE_BAD_OPTION"));
    await expect(copying).rejects.toThrow("await vfs.prepare(path)");
    expect(site.fileAt("copy.db")).toBeUndefined();
    await vfs.prepare("copy.db");
    await store.backup("copy.db");
    expect(thread.open).toBe(1);
    store.close();
    // What was prepared is used up.
    expect(() => BTreeStore.open("data.db", { vfs })).toThrow("was not prepared");
    const { store: copy } = await openIn(site.thread(), { path: "copy.db" });
    expect(get(copy)).toBe(1);
    copy.close();
  });

  test("a backup of a full site, or to a store, gives its file back", async () => {
    const site = new FakeSite();
    const thread = site.thread();
    const { store, vfs } = await openIn(thread);
    set(store, "x".repeat(200_000));
    site.quota = site.used + 50_000;
    await vfs.prepare("copy.db");
    await expect(store.backup("copy.db")).rejects.toEqual(withCode("STORE_FULL"));
    await expect(store.backup("data.db")).rejects.toEqual(withCode("STORE_LOCKED"));
    expect(get(store)).toBe("x".repeat(200_000));
    expect(thread.open).toBe(1);
    store.close();
  });

  test("waits for another tab that is closing, for as long as it was told to", async () => {
    const site = new FakeSite();
    const { store } = await openIn(site.thread());
    setTimeout(() => store.close(), 50);
    const { store: second } = await openIn(site.thread(), { timeout: 5000 });
    expect(store.closed).toBe(true);
    second.close();
  });

  test("again what is prepared or open changes nothing, at once or later", async () => {
    const site = new FakeSite();
    const thread = site.thread();
    const vfs = await prepared(thread, ["data.db", "/data.db"], {});
    await Promise.all([vfs.prepare("data.db"), vfs.prepare("data.db")]);
    const store = BTreeStore.open("/data.db", { vfs });
    await vfs.prepare("data.db");
    expect(BTreeStore.open("data.db", { vfs })).toBe(store);
    expect(thread.open).toBe(1);
    await expect(vfs.prepare("data.db", { readOnly: true })).rejects.toEqual(
      withCode("STORE_LOCKED"),
    );
    // Another Vfs of the same thread is another one.
    await expect(prepared(thread, "data.db", { timeout: 0 })).rejects.toEqual(
      withCode("STORE_LOCKED"),
    );
    store.close();
    store.close();
    expect(thread.open).toBe(0);
  });

  test("of several files keeps none if one fails", async () => {
    const site = new FakeSite();
    const { store } = await openIn(site.thread(), { path: "b.db" });
    const thread = site.thread();
    await expect(prepared(thread, ["a.db", "b.db"], { timeout: 0 })).rejects.toEqual(
      withCode("STORE_LOCKED"),
    );
    await settled();
    expect([thread.open, site.locks.length]).toEqual([0, 1]);
    store.close();
  });

  test("ends with the Vfs, and stores that are open do not", async () => {
    const site = new FakeSite();
    const thread = site.thread();
    const { store, vfs } = await openIn(thread);
    await vfs.prepare("copy.db");
    const late = vfs.prepare("late.db");
    {
      using _vfs = vfs;
    }
    await expect(late).rejects.toEqual(withCode("MASSTREE_CLOSED"));
    await expect(vfs.prepare("more.db")).rejects.toEqual(withCode("MASSTREE_CLOSED"));
    vfs.close();
    await settled();
    expect([thread.open, site.locks.length]).toEqual([1, 1]);
    set(store, 1);
    store.close();
    await settled();
    expect([thread.open, site.locks]).toEqual([0, []]);
  });

  test("goes back with the lock of a file that is not opened", async () => {
    const site = new FakeSite();
    const thread = site.thread();
    const vfs = await prepared(thread, "data.db", {});
    vfs.lock("data.db", "readWrite").release();
    await settled();
    expect([thread.open, site.locks]).toEqual([0, []]);
  });

  test("goes back when the store does not open", async () => {
    const site = new FakeSite();
    const thread = site.thread();
    const vfs = await prepared(thread, "data.db", {});
    const file = vfs.open("data.db", "readWrite");
    file.write(new TextEncoder().encode("no store"), 0);
    file.close();
    await vfs.prepare("data.db");
    expect(() => BTreeStore.open("data.db", { vfs })).toThrow(withCode("STORE_CORRUPT"));
    await settled();
    expect([thread.open, site.locks]).toEqual([0, []]);
  });

  test.each(["", "/", "a//b", "a/", "../data.db", "a/./b"])(
    "the path %j is refused",
    async (path) => {
      const site = new FakeSite();
      await expect(prepared(site.thread(), path, {})).rejects.toEqual(
        withCode("MASSTREE_BAD_OPTION"),
      );
      expect(site.used).toBe(0);
    },
  );

  test("a path through a file, or to a folder, or with a name that OPFS refuses, is refused", async () => {
    const site = new FakeSite();
    const thread = site.thread();
    const { store } = await openIn(thread, { path: "app/data.db" });
    for (const path of ["app", "app/data.db/more", "back\\slash"]) {
      await expect(prepared(thread, path, {})).rejects.toEqual(withCode("MASSTREE_BAD_OPTION"));
    }
    store.close();
  });

  test("options that there are not, or of other types, are refused", async () => {
    const thread = new FakeSite().thread();
    for (const options of [{ readOnly: 1 }, { timeout: -1 }, { mode: "readOnly" }]) {
      await expect(prepared(thread, "data.db", options as OpfsOptions)).rejects.toEqual(
        withCode("MASSTREE_BAD_OPTION"),
      );
    }
    await expect(prepared(thread, 5 as unknown as string, {})).rejects.toEqual(
      withCode("MASSTREE_BAD_OPTION"),
    );
  });
});

// Each of these waits for a second or two.
describe.concurrent("what stays in the way", () => {
  test("something that is no store and has the file open is said to", async () => {
    const site = new FakeSite();
    const thread = site.thread();
    const file = await (await thread.getDirectory()).getFileHandle("data.db", { create: true });
    const access = await file.createSyncAccessHandle();
    await expect(openIn(site.thread())).rejects.toThrow("something that is no store");
    access.close();
    (await openIn(site.thread())).store.close();
  });

  test("a read-only store of another tab is refused where access handles have no modes", async () => {
    const site = new FakeSite({ hasModes: false });
    (await openIn(site.thread())).store.close();
    await settled();
    const { store } = await openIn(site.thread(), { readOnly: true });
    await expect(openIn(site.thread(), { readOnly: true })).rejects.toThrow("one at a time");
    store.close();
  });

  test("a thread that stands still as it takes the lock is not waited for without an end", async () => {
    const site = new FakeSite();
    const still = site.thread();
    let goOn = () => {};
    const standing = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const gate = still.locks.request("masstree store gate data.db", {}, () => standing);
    await expect(openIn(site.thread())).rejects.toEqual(withCode("STORE_LOCKED"));
    goOn();
    await gate;
    (await openIn(site.thread())).store.close();
  });
});

describe("what there is", () => {
  /** The globals of a worker that is a thread of a site. */
  function worker(thread: FakeThread, prototype: object | undefined = { mode: "" }): void {
    const { locks } = thread;
    const storage = { getDirectory: () => thread.getDirectory() };
    vi.stubGlobal("navigator", { storage, locks });
    vi.stubGlobal("FileSystemSyncAccessHandle", { prototype });
  }

  test("in a worker of a browser is found", async () => {
    const site = new FakeSite();
    worker(site.thread());
    const vfs = await opfsVfs("data.db");
    const store = BTreeStore.open("data.db", { vfs });
    expect(store.handle.path).toBe("data.db");
    store.close();
    worker(site.thread(), {});
    await vfs.prepare("data.db");
    vfs.close();
    await settled();
    const alone = await opfsVfs("data.db");
    const lone = BTreeStore.open("data.db", { vfs: alone });
    expect(() => lone.handle).toThrow(withCode("MASSTREE_UNSUPPORTED"));
    lone.close();
  });

  test("elsewhere is told apart, with what to do", async () => {
    vi.stubGlobal("navigator", {});
    const unsupported = async (text: string) => {
      const opening = opfsVfs("data.db");
      await expect(opening).rejects.toEqual(withCode("MASSTREE_UNSUPPORTED"));
      await expect(opening).rejects.toThrow(text);
    };
    await unsupported("In Node, Bun and Deno");
    const thread = new FakeSite().thread();
    worker(thread);
    vi.stubGlobal("FileSystemSyncAccessHandle", undefined);
    await unsupported("dedicated workers only");
    worker(thread);
    thread.getDirectory = async () => {
      throw new DOMException("denied", "SecurityError");
    };
    await unsupported("no private file system");
    expect(thread.open).toBe(0);
  });

  test("in a browser whose access handles are asynchronous is refused", async () => {
    const site = new FakeSite();
    const thread = site.thread();
    const getDirectory = thread.getDirectory.bind(thread);
    let open = 0;
    thread.getDirectory = async () => {
      const root = await getDirectory();
      return {
        ...root,
        getFileHandle: async (...args) => {
          const file = await root.getFileHandle(...args);
          return {
            createSyncAccessHandle: async () => {
              const access = await file.createSyncAccessHandle();
              open++;
              return Object.assign(Object.create(access), {
                getSize: async () => access.getSize(),
                close: () => void open--,
              });
            },
          };
        },
      };
    };
    await expect(prepared(thread, "data.db", {})).rejects.toEqual(withCode("MASSTREE_UNSUPPORTED"));
    expect(open).toBe(0);
  });
});
