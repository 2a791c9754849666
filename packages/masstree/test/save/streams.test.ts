// Where saved maps go to and come from: streams that wait, fail or are given up, and files.
import "../debug.ts";
import { once } from "node:events";
import {
  chmod,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { random, runs } from "@tooling/vitest/random";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { MassTree } from "../../src/index.ts";
import * as node from "../../src/node.ts";
import { load, save } from "../../src/save.ts";
import { Sink, savedBytes } from "./support.ts";

let map: MassTree<string>;
let bytes: Buffer;
let folder: string;

beforeAll(async () => {
  map = new MassTree<string>();
  for (let i = 0; i < 20_000; i++) map.set(`key ${i}`, `value ${i}`);
  bytes = await savedBytes(map);
  folder = await mkdtemp(join(tmpdir(), "masstree-save-"));
});

afterAll(async () => {
  map.close();
  await rm(folder, { recursive: true });
});

function expectCopy(copy: MassTree<string>): void {
  expect(copy.size).toBe(20_000);
  copy.verify();
  copy.close();
}

function* pieces(size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("a source", () => {
  test.each([1, 13, 65_536, 10 ** 9])("gives pieces of %i bytes", async (size) => {
    expectCopy(await load(MassTree<string>, pieces(size)));
  });

  test("is a stream of the web, or one of Node's, and may give nothing for a while", async () => {
    expectCopy(await load(MassTree<string>, new Blob([Uint8Array.from(bytes)]).stream()));
    expectCopy(await load(MassTree<string>, Readable.from(pieces(1000))));
    const slow = async function* () {
      for (const piece of pieces(100_000)) {
        yield new Uint8Array(0);
        await new Promise(setImmediate);
        yield piece;
      }
    };
    expectCopy(await load(MassTree<string>, slow()));
  });

  test("that fails gives its error, and the map is gone", async () => {
    const failing = function* () {
      yield bytes.subarray(0, 100_000);
      throw new Error("the disk is gone");
    };
    await expect(load(MassTree, failing())).rejects.toThrow("the disk is gone");
  });

  test("is told when its bytes are no map", async () => {
    let isTold = false;
    const told = function* () {
      try {
        yield Buffer.from("no map at all");
      } finally {
        isTold = true;
      }
    };
    await expect(load(MassTree, told())).rejects.toMatchObject({ code: "MASSTREE_BAD_FILE" });
    expect(isTold).toBe(true);
    const reasons: unknown[] = [];
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(100)),
      cancel: (reason) => void reasons.push(reason),
    });
    await expect(load(MassTree, stream)).rejects.toMatchObject({ code: "MASSTREE_BAD_FILE" });
    expect(reasons).toMatchObject([{ code: "MASSTREE_BAD_FILE" }]);
  });

  test("that gives nothing any more can be given up", async () => {
    const never = new ReadableStream<Uint8Array>();
    const reason = new Error("enough");
    const controller = new AbortController();
    const loading = load(MassTree, never, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 5);
    await expect(loading).rejects.toBe(reason);
  });
});

describe("an AbortSignal", () => {
  test("that has fired leaves the streams alone", async () => {
    const sink = new Sink();
    const signal = AbortSignal.abort("no");
    await expect(save(map, sink.stream, { signal })).rejects.toBe("no");
    await expect(load(MassTree, [bytes], { signal })).rejects.toBe("no");
    expect(sink.stream.locked).toBe(false);
  });

  test("fires although all memory is ready at once", async () => {
    const sink = new Sink();
    const controller = new AbortController();
    setTimeout(() => controller.abort("timer"), 1);
    const endless = function* () {
      yield bytes.subarray(0, 100);
      while (true) yield new Uint8Array(0);
    };
    await expect(
      (async () => {
        while (true) await save(map, new Sink().stream, { signal: controller.signal });
      })(),
    ).rejects.toBe("timer");
    const other = new AbortController();
    const loading = load(MassTree, slowly(endless()), { signal: other.signal });
    other.abort("now");
    await expect(loading).rejects.toBe("now");
    expect(sink.end).toBe("open");
  });

  test("ends a save whose stream takes no more, and aborts the stream", async () => {
    const controller = new AbortController();
    const sink = new Sink((index) => {
      if (index < 2) return undefined;
      controller.abort("stuck");
      return new Promise(() => {});
    });
    await expect(save(map, sink.stream, { signal: controller.signal })).rejects.toBe("stuck");
    expect(sink.chunks.length).toBe(2);
  });
});

async function* slowly<T>(all: Iterable<T>): AsyncGenerator<T> {
  for (const one of all) {
    await new Promise(setImmediate);
    yield one;
  }
}

describe("a save that fails", () => {
  test("gives the stream's error", async () => {
    const sink = new Sink((index) => {
      if (index === 3) throw new Error("full");
    });
    await expect(save(map, sink.stream)).rejects.toThrow("full");
  });

  test("gives what 'onProgress' throws, and aborts the stream with it", async () => {
    const sink = new Sink();
    const reason = new Error("own");
    const onProgress = () => {
      throw reason;
    };
    await expect(save(map, sink.stream, { onProgress })).rejects.toBe(reason);
    expect(sink.end).toEqual({ aborted: reason });
    await expect(load(MassTree, [bytes], { onProgress })).rejects.toBe(reason);
  });

  test("because the map was closed says so", async () => {
    const other = new MassTree<string>();
    for (let i = 0; i < 5000; i++) other.set(`key ${i}`, `value ${i}`.repeat(10));
    const sink = new Sink((index) => index === 2 && other.close());
    await expect(save(other, sink.stream)).rejects.toMatchObject({ code: "MASSTREE_CLOSED" });
    expect(sink.end).toMatchObject({ aborted: { code: "MASSTREE_CLOSED" } });
  });
});

describe("a file", () => {
  test("is written, replaced and loaded, by path and by URL", async () => {
    const path = join(folder, "map");
    const { bytes: length } = await node.save(map, path);
    expect(await readFile(path)).toEqual(bytes);
    expect(length).toBe(bytes.length);
    const other = new MassTree<string>().set("a", "1");
    await chmod(path, 0o600);
    await node.save(other, pathToFileURL(path));
    expect((await stat(path)).mode & 0o777).toBe(process.platform === "win32" ? 0o666 : 0o600);
    other.close();
    const copy = await node.load(MassTree<string>, pathToFileURL(path));
    expect([...copy]).toEqual([["a", "1"]]);
    copy.close();
    expect(await readdir(folder)).toEqual(["map"]);
  });

  test("stays as it was after an error, and nothing is left beside it", async () => {
    const path = join(folder, "map");
    await writeFile(path, "before");
    const onProgress = () => {
      throw new Error("own");
    };
    await expect(node.save(map, path, { onProgress })).rejects.toThrow("own");
    const controller = new AbortController();
    const abort = () => controller.abort("enough");
    const options = { onProgress: abort, signal: controller.signal };
    await expect(node.save(map, path, options)).rejects.toBe("enough");
    await expect.poll(() => readdir(folder)).toEqual(["map"]);
    expect(await readFile(path, "utf8")).toBe("before");
  });

  test("is replaced if the save succeeds, and only then, whenever it is told to end", async () => {
    const path = join(folder, "map");
    const outcomes = new Set<string>();
    const draw = random();
    for (let round = 0; round < runs(60); round++) {
      await writeFile(path, "before");
      const controller = new AbortController();
      const saved = node.save(map, path, { signal: controller.signal }).then(
        () => "saved",
        (reason) => String(reason),
      );
      if (round > 0) await sleep(60 * draw());
      controller.abort("enough");
      const outcome = await saved;
      outcomes.add(outcome);
      const wanted = outcome === "saved" ? bytes : Buffer.from("before");
      expect((await readFile(path)).equals(wanted)).toBe(true);
      await sleep(1);
      expect((await readFile(path)).equals(wanted)).toBe(true);
      expect(await readdir(folder)).toEqual(["map"]);
    }
    expect([...outcomes].every((outcome) => ["saved", "enough"].includes(outcome))).toBe(true);
    expect(outcomes).toContain("enough");
  });

  test("stays if the save is told to end while the disk is written to", async () => {
    const path = join(folder, "map");
    await writeFile(path, "before");
    const handle = await open(path);
    const files = Object.getPrototypeOf(handle);
    await handle.close();
    const controller = new AbortController();
    const { sync } = files;
    const syncs = vi.spyOn(files, "sync").mockImplementation(async function (this: unknown) {
      controller.abort("enough");
      await sync.call(this);
    });
    await expect(node.save(map, path, { signal: controller.signal })).rejects.toBe("enough");
    syncs.mockRestore();
    expect(await readFile(path, "utf8")).toBe("before");
    expect(await readdir(folder)).toEqual(["map"]);
  });

  test("is not touched, nor opened, if the arguments are refused", async () => {
    const path = join(folder, "not there");
    const before = await readdir(folder);
    const closed = new MassTree();
    closed.close();
    const signal = AbortSignal.abort("no");
    const wrong = { onProgress: 5 } as never;
    const unknown = { progress: 5 } as never;
    const refused = [
      () => node.save(new Map() as never, path),
      () => node.save(map, path, wrong),
      () => node.save(map, path, unknown),
      () => node.save(closed, path),
      () => node.save(map, path, { signal }),
      () => node.load(5 as never, path),
      () => node.load(MassTree, path, unknown),
      () => node.load(MassTree, path, { signal }),
    ];
    for (const act of refused) {
      // It is not there: an attempt to open it would be heard of.
      const error = await act().catch((reason) => reason.code ?? reason);
      expect(["MASSTREE_BAD_OPTION", "MASSTREE_CLOSED", "no"]).toContain(error);
      expect(await readdir(folder)).toEqual(before);
    }
  });

  test("is written by the thread that saves, while this one goes on", async () => {
    const path = join(folder, "map");
    const program = new URL("../programs/save-there.mjs", import.meta.url);
    const worker = new Worker(program, { workerData: { handle: map.handle, path } });
    const [[entries]] = await Promise.all([once(worker, "message"), once(worker, "exit")]);
    expect(entries).toBe(20_000);
    expect(await readFile(path)).toEqual(bytes);
  });

  test("behind a link is replaced, and the link stays", async () => {
    const link = join(folder, "link");
    await writeFile(join(folder, "target"), "before");
    await symlink(join(folder, "target"), link);
    await node.save(map, link);
    expect(await readFile(join(folder, "target"))).toEqual(bytes);
    expect(await readFile(link)).toEqual(bytes);
  });

  test("that cannot be written or read gives the system's error", async () => {
    const nowhere = join(folder, "missing", "map");
    await expect(node.save(map, nowhere)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(node.load(MassTree, nowhere)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(node.load(MassTree, folder)).rejects.toMatchObject({ code: "EISDIR" });
  });
});

describe("a stream of Node's", () => {
  test("takes a map and gives it back", async () => {
    const through = new PassThrough();
    const [, copy] = await Promise.all([
      node.save(map, through),
      node.load(MassTree<string>, through),
    ]);
    expectCopy(copy);
  });

  test("is not written to faster than it takes", async () => {
    let written = 0;
    let taken = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write(chunk, _encoding, done) {
        written += chunk.length;
        expect(this.writableLength).toBe(chunk.length);
        setImmediate(() => {
          taken += chunk.length;
          done();
        });
      },
    });
    await node.save(map, slow);
    expect([written, taken]).toEqual([bytes.length, bytes.length]);
  });

  test("gives its error, whenever it comes", async () => {
    const broken = new Writable({
      write(_chunk, _encoding, done) {
        done(new Error("full"));
      },
    });
    await expect(node.save(map, broken)).rejects.toThrow("full");
    const stuck = new Writable({ write() {} });
    setTimeout(() => stuck.destroy(new Error("gone")), 5);
    await expect(node.save(map, stuck)).rejects.toThrow("gone");
    const closed = new Writable({ write() {} });
    setTimeout(() => closed.destroy(), 5);
    await expect(node.save(map, closed)).rejects.toThrow("was closed before");
    const last = new Writable({
      write: (_chunk, _encoding, done) => done(),
      final: (done) => done(new Error("at the end")),
    });
    await expect(node.save(map, last)).rejects.toThrow("at the end");
  });
});
