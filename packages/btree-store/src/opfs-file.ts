// A sync access handle as the file of a store.
import type { AccessHandle } from "./opfs-platform.ts";
import type { VfsFile } from "./vfs.ts";

/** Bytes of the buffer between shared memory and an engine that does not take it. */
const COPY_BYTES = 2 ** 16;

/** @param afterClose called once, when the handle is closed */
export function accessFile(access: AccessHandle, afterClose: () => void): VfsFile {
  /** Where shared memory is copied, once the engine has refused it: the specification says it has to take it. */
  let copy: Uint8Array | undefined;
  /** What `call` returns with bytes that may be shared; undefined if they have to be copied. */
  const withoutCopy = (bytes: Uint8Array, call: () => number): number | undefined => {
    if (!isShared(bytes)) return call();
    if (copy !== undefined) return undefined;
    try {
      return call();
    } catch (error) {
      // Of the arguments' types, so nothing was done.
      if (!(error instanceof TypeError)) throw error;
      copy = new Uint8Array(COPY_BYTES);
      return undefined;
    }
  };
  const copyOf = (length: number) => copy!.subarray(0, Math.min(length, COPY_BYTES));

  const read = (target: Uint8Array, at: number): number => {
    const count = withoutCopy(target, () => access.read(target, { at }));
    if (count !== undefined) return count;
    const part = copyOf(target.length);
    const copied = access.read(part, { at });
    target.set(part.subarray(0, copied));
    return copied;
  };
  const write = (source: Uint8Array, at: number): number => {
    const count = withoutCopy(source, () => access.write(source, { at }));
    if (count !== undefined) return count;
    const part = copyOf(source.length);
    part.set(source.subarray(0, part.length));
    return access.write(part, { at });
  };

  return {
    size: () => access.getSize(),
    read,
    write: (source, position) => sayingFull(() => write(source, position)),
    truncate: (size) => sayingFull(() => access.truncate(size)),
    sync: () => access.flush(),
    close: () => {
      access.close();
      afterClose();
    },
  };
}

function isShared({ buffer }: Uint8Array): boolean {
  return typeof SharedArrayBuffer !== "undefined" && buffer instanceof SharedArrayBuffer;
}

/** Runs a call of OPFS. That the site may not store more is the code of a full disk, as a Vfs says it. */
export function sayingFull<R>(call: () => R): R {
  try {
    return call();
  } catch (error) {
    throw asFull(error);
  }
}

/** The error of a Vfs whose disk is full, if an error of OPFS says so; else that error itself. */
export function asFull(error: unknown): unknown {
  if (nameOf(error) !== "QuotaExceededError") return error;
  return Object.assign(
    new Error("The browser does not let this site store more.", { cause: error }),
    { code: "EDQUOT" },
  );
}

/** The name of a DOMException or another error. */
export function nameOf(error: unknown): unknown {
  return typeof error === "object" && error !== null
    ? (error as { name?: unknown }).name
    : undefined;
}
