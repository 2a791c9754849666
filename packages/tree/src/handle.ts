import { type Handle, notAHandle, readHandle } from "@masstree/session";
import { wording } from "./instance.ts";

/**
 * What another thread needs to open a map: a small plain object that `postMessage`, `workerData`
 * and `structuredClone` accept. Pass it to `attach` of the class it came from.
 *
 * It keeps the map's memory alive, but does not make its owner a participant. It stays valid after
 * the map it came from was closed. `masstree` is the name of the class that attaches to it:
 * `"MassTree"`, `"MassTreeInline"`, or a class of your own.
 */
export interface MapHandle extends Handle {
  /** Entries in a leaf. */
  readonly width: number;
  /** The kind of key: `"string"`, or what the map's key codec says of itself. */
  readonly key: string;
  /** The kind of value. */
  readonly value: string;
}

/**
 * Checks that `handle` looks like a handle of `className`. Does not check the memory yet.
 *
 * @param isMap whether an object is an open map; runs no code of the object
 * @returns its members, each read once
 * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`); its `cause` is what reading the handle
 *   threw
 * @internal
 */
export function checkHandle(
  handle: unknown,
  className: string,
  isMap: (object: object) => boolean,
): MapHandle {
  const { noun } = wording;
  const members = readHandle(handle, className, noun, ["width", "key", "value"], isMap);
  const { width, key, value } = members;
  if (typeof width !== "number" || typeof key !== "string" || typeof value !== "string") {
    throw notAHandle(className, noun, "an incomplete handle");
  }
  return members as MapHandle;
}
