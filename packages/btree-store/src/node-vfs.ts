/*
 * Node's file system (and Bun's and Deno's, which offer the same). Looked up when a store is opened, so that importing
 * the package works everywhere.
 */

import { MassTreeUnsupportedError } from "@masstree/errors";
import { nodeBuiltin } from "@masstree/errors/node-builtin";
import { acquireFileLock, adoptFileLock, type LockParts } from "./file-lock.ts";
import type { Vfs, VfsFile, VfsLock, VfsMode } from "./vfs.ts";

/** What this uses of node:fs. */
export interface NodeFs {
  openSync(path: string, flags: string): number;
  closeSync(file: number): void;
  readSync(file: number, target: Uint8Array, at: number, length: number, position: number): number;
  writeSync(file: number, source: Uint8Array, at: number, length: number, position: number): number;
  ftruncateSync(file: number, size: number): void;
  fdatasyncSync(file: number): void;
  fdatasync(file: number, done: (error: Error | null) => void): void;
  fsyncSync(file: number): void;
  fstatSync(file: number): { readonly size: number };
  existsSync(path: string): boolean;
  realpathSync(path: string): string;
  readFileSync(path: string, encoding: "utf8"): string;
  writeFileSync(path: string, text: string, options?: { flag?: string }): void;
  linkSync(from: string, to: string): void;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  readdirSync(path: string): string[];
}

interface NodePath {
  dirname(path: string): string;
  basename(path: string): string;
  join(...parts: string[]): string;
  resolve(...parts: string[]): string;
}

interface ProcessLike {
  readonly pid: number;
  kill(pid: number, signal: 0): unknown;
}

/**
 * The file system of Node, Bun or Deno.
 *
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) where there is none
 */
export function nodeVfs(): Vfs {
  const { process } = globalThis as unknown as { process?: ProcessLike };
  const fs = nodeBuiltin<NodeFs>("node:fs");
  const path = nodeBuiltin<NodePath>("node:path");
  const os = nodeBuiltin<{ hostname(): string }>("node:os");
  if (!process || !fs || !path || !os) {
    throw new MassTreeUnsupportedError(
      "There is no file system of Node here. Pass the option 'vfs' to keep the store elsewhere: in a browser, 'opfsVfs' of '@masstree/btree-store/opfs'.",
    );
  }
  const parts: LockParts = { fs, path, host: os.hostname(), process };
  return {
    open: (file, mode) => openFile(fs, path, file, mode),
    lock: (file, mode): VfsLock => acquireFileLock(parts, identify(fs, path, file), mode),
    adoptLock: (file, token): VfsLock => adoptFileLock(parts, identify(fs, path, file), token),
    identify: (file) => identify(fs, path, file),
  };
}

function identify(fs: NodeFs, path: NodePath, file: string): string {
  const full = path.resolve(file);
  if (fs.existsSync(full)) return fs.realpathSync(full);
  return path.join(fs.realpathSync(path.dirname(full)), path.basename(full));
}

function openFile(fs: NodeFs, path: NodePath, name: string, mode: VfsMode): VfsFile {
  const isNew = mode === "readWrite" && !fs.existsSync(name);
  const file = fs.openSync(name, mode === "readOnly" ? "r" : isNew ? "wx+" : "r+");
  // The name of a new file has to be on the disk as well.
  if (isNew) syncDirectory(fs, path.dirname(path.resolve(name)));
  // A file is closed once no sync is under way: its number may be another file's then.
  let syncs = 0;
  let isClosed = false;
  const closeIfIdle = () => {
    if (isClosed && syncs === 0) fs.closeSync(file); // Once: no sync begins after `close`.
  };
  return {
    size: () => fs.fstatSync(file).size,
    read: (target, position) => fs.readSync(file, target, 0, target.length, position),
    write: (source, position) => fs.writeSync(file, source, 0, source.length, position),
    truncate: (size) => fs.ftruncateSync(file, size),
    sync: () => fs.fdatasyncSync(file),
    syncLater: () =>
      new Promise((resolve, reject) => {
        syncs++;
        fs.fdatasync(file, (error) => {
          syncs--;
          closeIfIdle();
          if (error) reject(error);
          else resolve();
        });
      }),
    close: () => {
      isClosed = true;
      closeIfIdle();
    },
  };
}

function syncDirectory(fs: NodeFs, directory: string): void {
  let file: number;
  try {
    file = fs.openSync(directory, "r");
  } catch {
    return; // Windows opens no directories, and needs no sync of them.
  }
  try {
    fs.fsyncSync(file);
  } catch {
    // Nor do some file systems.
  } finally {
    fs.closeSync(file);
  }
}
