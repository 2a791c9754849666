// Values that are read and written a part at a time.
import { Readable } from "node:stream";
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { BTreeStore, bucket, MAX_VALUE_BYTES, type StoreOptions } from "../src/index.ts";
import { SimDisk } from "./support/sim-disk.ts";

const withCode = (code: string) => expect.objectContaining({ code });
const files = bucket("files", { value: "bytes" });

function opened(options: StoreOptions = {}, disk = new SimDisk()): BTreeStore {
  return BTreeStore.open("disk", { vfs: disk, cacheBytes: 0, ...options });
}

/** Bytes that tell where they are. */
function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i >>> 8) ^ i ^ (i >>> 16));
}

function* inParts(bytes: Uint8Array, draw: () => number, most: number): Generator<Uint8Array> {
  // One array for all parts: it is copied before the next one is asked for.
  const part = new Uint8Array(most);
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(bytes.length - at, Math.floor(draw() * (most + 1)));
    part.set(bytes.subarray(at, at + length));
    yield part.subarray(0, length);
    at += length;
  }
}

function joined(parts: Iterable<Uint8Array> | undefined): Uint8Array {
  return new Uint8Array(Buffer.concat([...parts!]));
}

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

describe("a value that is written as a stream", () => {
  test.each([4096, 65536])(
    "is the same as if it had been set, whatever its parts (pages of %i)",
    (pageBytes) => {
      using store = opened({ pageBytes });
      const draw = random(1);
      const half = pageBytes / 2;
      const payload = pageBytes - 32;
      const buffer = 262_144;
      const lengths = [
        0,
        1,
        half - 60,
        half,
        payload - 1,
        payload,
        payload + 1,
        buffer - 1,
        buffer,
      ];
      lengths.push(buffer + 1, 64 * payload, 64 * payload + 1, 3_000_000, 5 * 2 ** 20);
      for (const [i, length] of lengths.entries()) {
        const bytes = bytesOf(length);
        store.write(files, (txn) => {
          txn.setStream(`stream ${i}`, inParts(bytes, draw, 1 + Math.floor(draw() * 300_000)));
          txn.set(`set ${i}`, bytes);
        });
        store.read(files, (txn) => {
          expect(same(txn.get(`stream ${i}`)!, bytes)).toBe(true);
          for (const key of [`stream ${i}`, `set ${i}`]) {
            const stream = txn.getStream(key)!;
            expect(stream.byteLength).toBe(length);
            expect(same(joined(stream), bytes)).toBe(true);
            expect(same(joined(stream), bytes)).toBe(true); // Again.
            for (const part of stream) expect(part.length).toBeLessThanOrEqual(65_536);
          }
          expect(txn.getStream("none")).toBeUndefined();
        });
      }
      expect(store.check().entries).toBe(2 * lengths.length);
      store.write(files, (txn) => txn.clear());
      store.compact();
      expect(store.stats().usedPages).toBeLessThan(6);
    },
  );

  test("fills the gaps of a file, and leaks nothing", () => {
    using store = opened({ durability: "none" });
    const draw = random(2);
    const model = new Map<string, Uint8Array>();
    for (let n = 0; n < runs(60); n++) {
      const key = `k${Math.floor(draw() * 8)}`;
      const bytes = bytesOf(Math.floor(draw() ** 3 * 2_500_000));
      store.write(files, (txn) => {
        const what = draw();
        if (what < 0.3) txn.delete(key);
        else if (what < 0.5) txn.set(key, bytes);
        else txn.setStream(key, inParts(bytes, draw, 100_000));
        const now = txn.get(key);
        if (now === undefined) model.delete(key);
        else model.set(key, now);
      });
      if (n % 10 === 0) store.check();
    }
    store.check();
    store.read(files, (txn) => {
      expect(txn.size).toBe(model.size);
      for (const [key, bytes] of model) expect(same(joined(txn.getStream(key)), bytes)).toBe(true);
    });
  });

  test("changes nothing if its source throws, or gives something else; the transaction goes on", () => {
    using store = opened();
    store.write(files, (txn) => txn.set("k", bytesOf(3)));
    const { usedPages } = store.stats();
    function* failing(length: number, last: () => unknown): Generator<Uint8Array> {
      yield bytesOf(length);
      yield last() as Uint8Array;
    }
    store.write(files, (txn) => {
      for (const length of [10, 100_000, 3_000_000]) {
        const thrown = failing(length, () => {
          throw new RangeError("mine");
        });
        expect(() => txn.setStream("k", thrown)).toThrow(RangeError);
        for (const wrong of ["text", 7, undefined, [1, 2]]) {
          const source = failing(length, () => wrong);
          expect(() => txn.setStream("k", source)).toThrow(withCode("MASSTREE_BAD_VALUE"));
        }
      }
      for (const wrong of [undefined, 7, "text", {}, bytesOf(5), new Blob().stream()]) {
        expect(() => txn.setStream("k", wrong as never)).toThrow(withCode("MASSTREE_BAD_VALUE"));
      }
      expect(() => txn.setStream("k", Readable.from([bytesOf(2)]) as never)).toThrow("synchronous");
      expect(() => txn.setStream(7 as never, [])).toThrow(withCode("MASSTREE_BAD_KEY"));
      expect(same(txn.get("k")!, bytesOf(3))).toBe(true);
      txn.set("l", bytesOf(4));
    });
    expect(store.check()).toMatchObject({ entries: 2, usedPages });
  });

  test("has at most 1 GiB", () => {
    using store = opened();
    const part = new Uint8Array(0);
    // A part that says it is long: the limit comes before anything is read of it.
    const parts = [part, new Uint8Array(new ArrayBuffer(MAX_VALUE_BYTES + 1))];
    expect(() => store.write(files, (txn) => txn.setStream("k", parts))).toThrow(
      withCode("MASSTREE_BAD_VALUE"),
    );
  });

  test("may use the transaction while it comes, and is committed or rolled back with it", () => {
    using store = opened();
    const bytes = bytesOf(2_000_000);
    function* inBetween(txn: {
      set(key: string, value: Uint8Array): unknown;
    }): Generator<Uint8Array> {
      yield bytes.subarray(0, 700_000);
      txn.set("other", bytesOf(50_000));
      yield bytes.subarray(700_000, 1_400_000);
      txn.set("k", bytesOf(9));
      yield bytes.subarray(1_400_000);
    }
    const { usedPages } = store.stats();
    const rolledBack = () =>
      store.write(files, (txn) => {
        txn.setStream("k", inBetween(txn));
        throw new RangeError("mine");
      });
    expect(rolledBack).toThrow(RangeError);
    expect(store.check()).toMatchObject({ entries: 0, usedPages });
    store.write(files, (txn) => {
      txn.setStream("k", inBetween(txn));
      // Parts of one stream are those of another.
      txn.setStream("copy", txn.getStream("k")!);
    });
    store.read(files, (txn) => {
      expect(same(txn.get("k")!, bytes)).toBe(true);
      expect(same(txn.get("copy")!, bytes)).toBe(true);
      expect(same(txn.get("other")!, bytesOf(50_000))).toBe(true);
    });
    store.check();
  });

  test("that does not fit on the disk rolls the transaction back", () => {
    const disk = new SimDisk();
    using store = opened({}, disk);
    store.write(files, (txn) => txn.set("k", bytesOf(3)));
    const { usedPages } = store.stats();
    let calls = 0;
    const attempt = () =>
      store.write(files, (txn) => {
        disk.before = () => {
          if (++calls > 12) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
          return undefined;
        };
        try {
          txn.setStream(
            "l",
            inParts(bytesOf(6_000_000), () => 0.99, 200_000),
          );
        } finally {
          disk.before = undefined;
        }
      });
    expect(attempt).toThrow(withCode("STORE_FULL"));
    expect(store.check()).toMatchObject({ entries: 1, usedPages });
  });

  test("in a bucket of another kind is what its codec has written", () => {
    using store = opened();
    const text = new TextEncoder();
    store.writeMany((buckets) => {
      buckets.bucket("json").setStream("k", [text.encode('{"a":'), text.encode("[1]}")]);
      const notes = buckets.bucket(bucket("notes", { value: "utf8" }));
      notes.setStream("k", [text.encode("grü"), text.encode("n")]);
      expect(notes.get("k")).toBe("grün");
    });
    expect(store.read("json", (txn) => txn.get("k"))).toEqual({ a: [1] });
    const stored = store.read("json", (txn) => joined(txn.getStream("k")));
    expect(new TextDecoder().decode(stored)).toBe('{"a":[1]}');
  });
});

describe("a stream of a value", () => {
  test("lasts as long as its snapshot, and feeds streams of Node and of the web", async () => {
    using store = opened();
    const bytes = bytesOf(1_000_000);
    store.write(files, (txn) => txn.setStream("k", [bytes]));
    const snapshot = store.snapshot();
    const stream = snapshot.bucket(files).getStream("k")!;
    store.write(files, (txn) => txn.delete("k"));
    const chunks: Uint8Array[] = [];
    for await (const chunk of Readable.from(stream)) chunks.push(chunk as Uint8Array);
    expect(same(joined(chunks), bytes)).toBe(true);
    // Types of the web's streams do not know it yet everywhere.
    const web = (ReadableStream as unknown as { from(source: unknown): ReadableStream }).from(
      stream,
    );
    expect(same(new Uint8Array(await new Response(web).arrayBuffer()), bytes)).toBe(true);
    const parts = stream[Symbol.iterator]();
    parts.next();
    snapshot.dispose();
    expect(() => parts.next()).toThrow(withCode("STORE_ENDED"));
    expect(() => [...stream]).toThrow(withCode("STORE_ENDED"));
  });

  test("goes on beside changes, but not once the transaction has changed the value", () => {
    using store = opened();
    const bytes = bytesOf(300_000);
    store.write(files, (txn) => {
      txn.set("k", bytes);
      const parts = txn.getStream("k")![Symbol.iterator]();
      parts.next();
      for (let i = 0; i < 200; i++) txn.set(`${i}`, bytesOf(100));
      expect(parts.next().value?.[0]).toBeDefined();
      txn.set("k", bytesOf(300_001));
      txn.set("l", bytes);
      expect(() => parts.next()).toThrow(withCode("STORE_ENDED"));
    });
  });

  test("throws at a damaged page", () => {
    const disk = new SimDisk();
    const store = opened({}, disk);
    store.write(files, (txn) => txn.set("k", bytesOf(400_000)));
    store.close();
    const file = disk.image();
    // Somewhere in the last third of what is in use.
    const at = Math.floor(400_000 * 0.9);
    file[at]! ^= 1;
    using damaged = opened({}, new SimDisk(file));
    damaged.read(files, (txn) => {
      const parts = txn.getStream("k")![Symbol.iterator]();
      expect(() => {
        while (!parts.next().done);
      }).toThrow(withCode("STORE_CORRUPT"));
    });
  });

  test("and one that is written are in memory in an optimistic transaction, and count as its reads and writes", () => {
    using store = opened();
    store.write(files, (txn) => txn.set("k", bytesOf(200_000)));
    const txn = store.begin(files);
    txn.setStream("l", inParts(bytesOf(300_000), random(3), 5000));
    expect(same(joined(txn.getStream("l")), bytesOf(300_000))).toBe(true);
    expect(same(joined(txn.getStream("k")), bytesOf(200_000))).toBe(true);
    const other = store.begin(files);
    other.setStream("k", [bytesOf(5)]);
    txn.commit();
    store.write(files, (txn) => {
      expect(same(txn.get("l")!, bytesOf(300_000))).toBe(true);
      txn.set("k", bytesOf(6));
    });
    expect(() => other.commit()).toThrow(withCode("STORE_CONFLICT"));
  });
});
