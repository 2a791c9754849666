import { MassTreeBadHandleError } from "@masstree/errors";
import type { KeyName } from "./key-types.ts";

/**
 * What another thread needs to open a map: a small plain object that `postMessage`, `workerData` and
 * `structuredClone` accept. Pass it to `attach` of the class it came from.
 *
 * It keeps the map's memory alive, but does not make its owner a participant. It stays valid after
 * the map that gave it was closed.
 */
export interface MapHandle {
  /** The class that attaches to it. */
  readonly masstree: "MassTree" | "MassTreeInline";
  /** Version of the memory's layout; both threads must run the same. */
  readonly layout: string;
  /** Entries in a leaf. */
  readonly width: number;
  /** The kind of key. */
  readonly key: KeyName;
  /** The kind of value. */
  readonly value: string;
  /** The memory that holds the map. */
  readonly memory: WebAssembly.Memory;
}

/**
 * Checks that `handle` looks like a handle of `className`, and nothing about the memory yet.
 *
 * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`)
 * @internal
 */
export function checkHandle(
  handle: unknown,
  className: MapHandle["masstree"],
): asserts handle is MapHandle {
  if (typeof handle !== "object" || handle === null) {
    throw notAHandle(className, handle === null ? "null" : `a ${typeof handle}`);
  }
  const { masstree, layout, width, key, value, memory } = handle as Partial<MapHandle>;
  if (masstree !== className) {
    if (masstree === "MassTree" || masstree === "MassTreeInline") {
      throw new MassTreeBadHandleError(
        `This handle is of a ${masstree}. Attach with ${masstree}.attach(handle).`,
      );
    }
    const owner = handle.constructor;
    const isMap = typeof owner === "function" && "attach" in owner;
    throw notAHandle(className, isMap ? "a map itself" : "an object of another kind");
  }
  if (
    typeof layout !== "string" ||
    typeof width !== "number" ||
    typeof key !== "string" ||
    typeof value !== "string" ||
    typeof memory !== "object"
  ) {
    throw notAHandle(className, "an incomplete one");
  }
}

function notAHandle(className: string, got: string): MassTreeBadHandleError {
  return new MassTreeBadHandleError(
    `${className}.attach takes the 'handle' of a map, as it came from another thread; this is ${got}.`,
  );
}
