import { MassTreeBadHandleError } from "@masstree/errors";
import { describe, reasonOf } from "@masstree/errors/options";
import type { WasmMemory } from "@masstree/wasm";

/**
 * What another thread needs to open a structure: a small plain object that `postMessage`, `workerData` and
 * `structuredClone` accept. A structure adds members of its own.
 *
 * It keeps the memory alive, but does not make its owner a participant.
 */
export interface Handle {
  /** The name of the class that attaches to it. */
  readonly masstree: string;
  /** Version of the memory's layout; all threads must run the same. */
  readonly layout: string;
  /** The memory that holds the structure. */
  readonly memory: WasmMemory;
}

/**
 * Reads a handle of a class and checks its form. Does not check its memory yet.
 *
 * @param handle what the caller passed
 * @param className the class that attaches to it
 * @param noun what messages call the structure, as in "map"
 * @param names of the members that the structure adds; their contents are unchecked
 * @param isOpen whether an object is itself an open structure, for the message; runs no code of the
 *   object
 * @returns its members, each read once: any of them may be a getter
 * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`); its `cause` is what reading the handle
 *   threw
 */
export function readHandle<Name extends string>(
  handle: unknown,
  className: string,
  noun: string,
  names: readonly Name[],
  isOpen: (object: object) => boolean,
): Handle & Readonly<Record<Name, unknown>> {
  if (typeof handle !== "object" || handle === null) {
    throw notAHandle(className, noun, describe(handle));
  }
  if (isOpen(handle)) throw notAHandle(className, noun, `the ${noun} itself`);
  const members = readMembers(handle, ["masstree", "layout", "memory", ...names]);
  const { masstree, layout, memory } = members;
  if (masstree !== className) {
    if (typeof masstree !== "string" || !plausibleName.test(masstree)) {
      throw notAHandle(className, noun, "an object of another kind");
    }
    throw new MassTreeBadHandleError(
      `This handle is for the class ${masstree}. Open it with ${masstree}.attach(handle).`,
    );
  }
  if (typeof layout !== "string" || typeof memory !== "object" || memory === null) {
    throw notAHandle(className, noun, "an incomplete handle");
  }
  return members as unknown as Handle & Record<Name, unknown>;
}

// Names that a class may have, so that a message can show them.
const plausibleName = /^[\p{ID_Start}$_][\p{ID_Continue}$]{0,59}$/u;

function readMembers(handle: object, names: readonly string[]): Record<string, unknown> {
  try {
    return Object.fromEntries(
      names.map((name) => [name, (handle as Readonly<Record<string, unknown>>)[name]]),
    );
  } catch (cause) {
    throw new MassTreeBadHandleError(`The handle cannot be read: ${reasonOf(cause)}`, { cause });
  }
}

/**
 * The error for a value that is not a handle of a class.
 *
 * @param noun what messages call the structure, as in "map"
 * @param got what it is instead
 */
export function notAHandle(className: string, noun: string, got: string): MassTreeBadHandleError {
  return new MassTreeBadHandleError(
    `${className}.attach takes what another thread sent, the 'handle' of its ${noun}, not ${got}.`,
  );
}
