/*
 * Keys whose codec runs code of the caller: functions of its own, getters of an array.
 *
 * Such code may use the map, which overwrites its scratch areas; close it; or interrupt a call, so
 * that the thread gets other scratch areas. So it runs while nothing is prepared, and the key waits in
 * private memory.
 */
import { MassTreeBadKeyError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { type KeyCodec, MAX_KEY_BYTES } from "@masstree/key";
import { KEY_SCRATCH_BYTES } from "@masstree/session";

/** Where keys are written for a structure to read: a tree, for example. @internal */
export interface KeyTarget {
  /** The key scratch. Another array after other calls. */
  readonly key: Uint8Array;
  /** Throws if it cannot be used any more. */
  checkOpen(): void;
}

// Written to and read without code of the caller in between.
let scratch: Uint8Array | undefined;

/** A key that is encoded already. No code of the caller ever gets one. @internal */
export class ReadyKey {
  readonly bytes: Uint8Array;

  constructor(codec: KeyCodec<unknown>, key: unknown) {
    const length = encodeToScratch(codec, key);
    this.bytes = scratch!.slice(0, length);
  }
}

/**
 * Writes a key where the target reads it.
 *
 * @param key a key of the codec, or a `ReadyKey` of it
 * @returns its length in bytes
 * @throws what `checkOpen` throws if the map was closed meanwhile, and what the codec throws
 * @internal
 */
export function encodeForeign(to: KeyTarget, codec: KeyCodec<unknown>, key: unknown): number {
  let bytes: Uint8Array;
  let length: number;
  if (key instanceof ReadyKey) {
    bytes = key.bytes;
    length = bytes.length;
  } else {
    length = encodeToScratch(codec, key);
    bytes = scratch!;
  }
  to.checkOpen();
  const target = to.key;
  if (length > 64) target.set(bytes.subarray(0, length));
  else for (let i = 0; i < length; i++) target[i] = bytes[i]!;
  return length;
}

function encodeToScratch(codec: KeyCodec<unknown>, key: unknown): number {
  scratch ??= new Uint8Array(KEY_SCRATCH_BYTES);
  const length = codec.encode(key, scratch, 0);
  if (length >>> 0 > MAX_KEY_BYTES) throw badLength(length);
  return length;
}

/** The error for a codec that returned a wrong length. @internal */
export function badLength(length: number): MassTreeBadKeyError {
  return new MassTreeBadKeyError(
    `A key has 0 to ${MAX_KEY_BYTES} bytes, but the map's key codec returned ${describe(length)}.`,
  );
}
