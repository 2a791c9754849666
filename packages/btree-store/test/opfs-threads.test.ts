// Threads and tabs that want one store in OPFS, on a fake of the browser's side: who shares it, and who is kept out.
import { random } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { BTreeStore, type StoreHandle } from "../src/index.ts";
import { lockToAttach, lockToOpen, type OpfsLock } from "../src/opfs-locks.ts";
import { prepared } from "../src/opfs-vfs.ts";
import { FakeSite } from "./support/fake-opfs.ts";
import { attachIn, get, openIn, set, settled, withCode } from "./support/opfs-stores.ts";

describe("several threads", () => {
  test("read and write one store, and keep other tabs out until the last has closed it", async () => {
    const site = new FakeSite();
    const { store: first } = await openIn(site.thread());
    const second = await attachIn(site.thread(), first.handle);
    const third = await attachIn(site.thread(), second.handle);
    for (const [i, store] of [first, second, third, first].entries()) {
      set(store, i);
      for (const one of [first, second, third]) expect(get(one)).toBe(i);
    }
    for (const store of [first, third, second]) {
      await expect(openIn(site.thread())).rejects.toEqual(withCode("STORE_LOCKED"));
      store.close();
      await settled();
    }
    const { store } = await openIn(site.thread());
    store.check();
    expect(get(store)).toBe(3);
    store.close();
  });

  test("go on when the one that has opened the store ends", async () => {
    const site = new FakeSite();
    const opener = site.thread();
    const { store: first } = await openIn(opener);
    const second = await attachIn(site.thread(), first.handle);
    opener.end();
    set(second, "alone");
    await expect(openIn(site.thread())).rejects.toEqual(withCode("STORE_LOCKED"));
    const third = await attachIn(site.thread(), second.handle);
    expect(get(third)).toBe("alone");
    second.close();
    third.close();
  });

  test("cannot attach once all have ended, also while another tab has the file open", async () => {
    const site = new FakeSite();
    const opener = site.thread();
    const { handle } = (await openIn(opener)).store;
    opener.end();
    await expect(attachIn(site.thread(), handle)).rejects.toEqual(withCode("MASSTREE_CLOSED"));
    const { store } = await openIn(site.thread());
    await expect(attachIn(site.thread(), handle)).rejects.toEqual(withCode("MASSTREE_CLOSED"));
    store.close();
  });

  test("cannot attach to a store that was closed after they had prepared it", async () => {
    const site = new FakeSite();
    const { store } = await openIn(site.thread());
    const { handle } = store;
    const thread = site.thread();
    const vfs = await prepared(thread, handle, {});
    store.close();
    expect(() => BTreeStore.attach(handle, { vfs })).toThrow(withCode("MASSTREE_CLOSED"));
    vfs.close();
    await settled();
    expect([thread.open, site.locks]).toEqual([0, []]);
  });

  test("attach with what they have prepared for the handle, and nothing else", async () => {
    const site = new FakeSite();
    const { store, vfs } = await openIn(site.thread());
    const { store: other } = await openIn(site.thread(), { path: "other.db" });
    // A path that happens to be the same is no opening that is shared.
    const elsewhere = new FakeSite();
    const wrong = await prepared(elsewhere.thread(), "data.db", {});
    expect(() => BTreeStore.attach(store.handle, { vfs: wrong })).toThrow(withCode("STORE_LOCKED"));
    expect(() => BTreeStore.attach(store.handle, { vfs: wrong })).toThrow("prepare the handle");
    const unprepared = await prepared(site.thread(), [], {});
    expect(() => BTreeStore.attach(other.handle, { vfs: unprepared })).toThrow(
      withCode("MASSTREE_BAD_OPTION"),
    );
    await expect(vfs.prepare({ ...store.handle, lock: "another" })).rejects.toEqual(
      withCode("STORE_LOCKED"),
    );
    await expect(vfs.prepare({ masstree: "BTreeStore" } as StoreHandle)).rejects.toEqual(
      withCode("MASSTREE_BAD_HANDLE"),
    );
    // In the thread that has it open, attaching gives the same store, and preparing does nothing.
    await vfs.prepare(store.handle);
    expect(BTreeStore.attach(store.handle, { vfs })).toBe(store);
    for (const one of [store, store, other]) one.close();
  });

  test("are refused where access handles have no modes, before anything has changed", async () => {
    const site = new FakeSite({ hasModes: false });
    const { store } = await openIn(site.thread());
    expect(() => store.handle).toThrow(withCode("MASSTREE_UNSUPPORTED"));
    const { store: model } = await openIn(new FakeSite().thread());
    const thread = site.thread();
    const attaching = prepared(thread, model.handle, {});
    await expect(attaching).rejects.toEqual(withCode("MASSTREE_UNSUPPORTED"));
    await expect(attaching).rejects.toThrow("one thread at a time");
    expect([thread.open, site.locks.length]).toEqual([0, 1]);
    store.close();
    model.close();
  });
});

describe("read-only stores", () => {
  test("of any number of tabs are open at once, while nobody writes", async () => {
    const site = new FakeSite();
    const { store } = await openIn(site.thread());
    set(store, 1);
    store.close();
    await settled();
    const { store: first } = await openIn(site.thread(), { readOnly: true });
    const { store: second } = await openIn(site.thread(), { readOnly: true });
    const third = await attachIn(site.thread(), second.handle);
    expect([first, second, third].map(get)).toEqual([1, 1, 1]);
    expect(() => set(third, 2)).toThrow(withCode("STORE_READ_ONLY"));
    for (const one of [first, second, third]) {
      await expect(openIn(site.thread())).rejects.toEqual(withCode("STORE_LOCKED"));
      one.close();
      await settled();
    }
    (await openIn(site.thread())).store.close();
  });

  test("are prepared as such, and their files are there", async () => {
    const site = new FakeSite();
    const missing = openIn(site.thread(), { readOnly: true });
    await expect(missing).rejects.toEqual(withCode("MASSTREE_BAD_OPTION"));
    await expect(missing).rejects.toThrow("There is no file 'data.db'");
    expect(site.fileAt("data.db")).toBeUndefined();
    const vfs = await prepared(site.thread(), "data.db", {});
    expect(() => BTreeStore.open("data.db", { vfs, readOnly: true })).toThrow(
      withCode("MASSTREE_BAD_OPTION"),
    );
    BTreeStore.open("data.db", { vfs }).close();
    await vfs.prepare("data.db", { readOnly: true });
    expect(() => BTreeStore.open("data.db", { vfs })).toThrow(withCode("MASSTREE_BAD_OPTION"));
    BTreeStore.open("data.db", { vfs, readOnly: true }).close();
  });
});

describe("the lock", () => {
  test("of tabs that open a file at once goes to one", async () => {
    for (let round = 0; round < 10; round++) {
      const site = new FakeSite({ random: random(round) });
      const tries = Array.from({ length: 5 }, () => openIn(site.thread()));
      const results = await Promise.allSettled(tries);
      const [store, ...more] = results.flatMap((one) =>
        one.status === "fulfilled" ? [one.value.store] : [],
      );
      expect(more).toEqual([]);
      store!.close();
    }
  });

  test("is of one opening that writes or of some that read, whoever opens, attaches, closes and ends", async () => {
    const draw = random(3);
    const site = new FakeSite({ random: draw });
    const modes = ["readWrite", "readOnly"] as const;
    const held = new Set<OpfsLock & { readonly mode: (typeof modes)[number] }>();
    /** Openings that somebody has had. */
    const openings: [string, (typeof modes)[number]][] = [];
    /** Those that must be over, because somebody else has opened the file since. */
    const ended = new Set<string>();
    let counts = { opened: 0, attached: 0, refused: 0 };
    const tab = async () => {
      for (let step = 0; step < 200; step++) {
        const thread = site.thread();
        const { locks } = thread;
        // The latest ones: some are open, and some were before them.
        const known = draw() < 0.6 ? openings.at(-1 - Math.floor(draw() * 3)) : undefined;
        const mode = known?.[1] ?? modes[draw() < 0.6 ? 0 : 1];
        let lock: OpfsLock;
        try {
          lock =
            known === undefined
              ? await lockToOpen(locks, "data.db", mode, 0)
              : await lockToAttach(locks, "data.db", mode, known[0], 0);
          counts = known
            ? { ...counts, attached: counts.attached + 1 }
            : { ...counts, opened: counts.opened + 1 };
        } catch (error) {
          expect(["STORE_LOCKED", "MASSTREE_CLOSED"]).toContain((error as { code: string }).code);
          counts = { ...counts, refused: counts.refused + 1 };
          continue;
        }
        const { token } = lock;
        const mine = { ...lock, mode };
        held.add(mine);
        expect(ended.has(token), "a file was attached to that another tab has opened").toBe(false);
        if (known === undefined) {
          for (const [other, its] of openings) {
            if (mode === "readWrite" || its === "readWrite") ended.add(other);
          }
          openings.push([token, mode]);
        }
        for (const one of held) {
          const isShared = one.token === token || (one.mode === "readOnly" && mode === "readOnly");
          expect(isShared, "two openings at once").toBe(true);
        }
        for (let i = draw() * 30; i > 0; i--) await locks.query(); // Others have their turns.
        held.delete(mine);
        if (draw() < 0.5) lock.release();
        else thread.end();
      }
    };
    await Promise.all(Array.from({ length: 6 }, tab));
    await settled();
    expect(site.locks).toEqual([]);
    expect(Math.min(counts.opened, counts.attached, counts.refused)).toBeGreaterThan(2);
  });

  test("of a path is not that of another, whatever the paths are called", async () => {
    const site = new FakeSite();
    const paths = ["a", "a a", "gate a", "readWrite a", "b/a"];
    const stores = [];
    for (const path of paths) stores.push((await openIn(site.thread(), { path })).store);
    for (const path of paths) {
      await expect(openIn(site.thread(), { path })).rejects.toEqual(withCode("STORE_LOCKED"));
    }
    for (const store of stores) store.close();
  });
});
