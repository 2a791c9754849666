import { MassTreeBadHandleError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import type { WasmMemory } from "@masstree/wasm";
import type { KeyName } from "./key-types.ts";
import { isMap } from "./ordered-map.ts";
import { reasonOf } from "./reason.ts";

/**
 * What another thread needs to open a map: a small plain object that `postMessage`, `workerData` and
 * `structuredClone` accept. Pass it to `attach` of the class it came from.
 *
 * It keeps the map's memory alive, but does not make its owner a participant. It stays valid after
 * the map that gave it was closed.
 */
export interface MapHandle {
  /** The name of the class that attaches to it: `"MassTree"`, `"MassTreeInline"`, or one of one's own. */
  readonly masstree: string;
  /** Version of the memory's layout; both threads must run the same. */
  readonly layout: string;
  /** Entries in a leaf. */
  readonly width: number;
  /** The kind of key. */
  readonly key: KeyName;
  /** The kind of value. */
  readonly value: string;
  /** The memory that holds the map. */
  readonly memory: WasmMemory;
}

/**
 * Checks that `handle` looks like a handle of `className`, and nothing about the memory yet.
 *
 * @returns its members, each read once: a getter may be behind any
 * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`); what reading it threw is the `cause`
 * @internal
 */
export function checkHandle(handle: unknown, className: string): MapHandle {
  if (typeof handle !== "object" || handle === null) throw notAHandle(className, describe(handle));
  if (isMap(handle)) throw notAHandle(className, "a map itself");
  const { masstree, layout, width, key, value, memory } = readHandle(handle);
  if (masstree !== className) {
    if (typeof masstree !== "string" || !plausibleName.test(masstree)) {
      throw notAHandle(className, "an object of another kind");
    }
    throw new MassTreeBadHandleError(
      `This handle is of a ${masstree}. Attach with ${masstree}.attach(handle).`,
    );
  }
  if (
    typeof layout !== "string" ||
    typeof width !== "number" ||
    typeof key !== "string" ||
    typeof value !== "string" ||
    typeof memory !== "object" ||
    memory === null
  ) {
    throw notAHandle(className, "an incomplete one");
  }
  return { masstree, layout, width, key, value, memory } as MapHandle;
}

// What a class may be called, so that a message can name it.
const plausibleName = /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,59}$/u;

function readHandle(handle: object): { readonly [Name in keyof MapHandle]?: unknown } {
  try {
    const { masstree, layout, width, key, value, memory } = handle as Partial<MapHandle>;
    return { masstree, layout, width, key, value, memory };
  } catch (cause) {
    throw new MassTreeBadHandleError(`The handle cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

function notAHandle(className: string, got: string): MassTreeBadHandleError {
  return new MassTreeBadHandleError(
    `${className}.attach takes the 'handle' of a map, as it came from another thread; this is ${got}.`,
  );
}
