/*
 * Files for saved maps.
 *
 * Invariants
 *   FILE1  Under the path there is always a whole file: the one before, or the new one. The new one is written beside it,
 *          forced to the disk, and then given the name, in one step of the file system.
 *   FILE2  After an error, nothing is left beside it. After the end of the process, a file `NAME.HEX.tmp` may be.
 */
import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, realpath, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import type { Signal } from "./pace.ts";
import type { Destination } from "./streams.ts";

/**
 * A stream that makes or replaces a file once it is closed. Aborted, or if the signal says so before the file is given
 * its name, it leaves everything as it was.
 */
export function fileTarget(path: string, signal: Signal | undefined): Destination {
  let temporary: string;
  let target: string;
  let file: FileHandle | undefined;
  let isDecided = false;
  let end: () => void;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const discard = async () => {
    const handle = file;
    file = undefined;
    if (handle !== undefined) {
      await handle.close().catch(() => {});
      await unlink(temporary).catch(() => {});
    }
    end();
  };
  const stream = new WritableStream<Uint8Array<ArrayBuffer>>({
    async start() {
      try {
        // A link goes on leading to where it leads.
        target = await realpath(path).catch(() => path);
        temporary = `${target}.${randomBytes(6).toString("hex")}.tmp`;
        const before = await stat(target).catch(() => undefined);
        file = await open(temporary, "wx");
        if (before !== undefined) await file.chmod(before.mode & 0o777);
      } catch (error) {
        await discard();
        throw error;
      }
    },
    async write(chunk) {
      try {
        // All of it: `write` may write less.
        await file!.writeFile(chunk);
      } catch (error) {
        await discard();
        throw error;
      }
    },
    async close() {
      try {
        // FILE1
        await file!.sync();
        await file!.close();
        // In one step with what follows: who is told to give up later is told too late.
        if (signal?.aborted) throw signal.reason;
        isDecided = true;
        await rename(temporary, target);
      } catch (error) {
        isDecided = false;
        await discard();
        throw error;
      }
      file = undefined;
      try {
        await syncDirectory(dirname(target));
      } finally {
        end();
      }
    },
    abort: discard,
  });
  return { target: stream, isDecided: () => isDecided, ended };
}

/** The bytes of a file. */
export function fileSource(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 256 * 1024 });
}

/** Makes the name last. Not every system can open a directory for that. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r").catch(() => undefined);
  if (directory === undefined) return;
  try {
    await directory.sync().catch(() => {});
  } finally {
    await directory.close();
  }
}
