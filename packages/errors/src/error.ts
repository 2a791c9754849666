import type { MassTreeErrorCode } from "./code.ts";

/**
 * The base class of every masstree error: an `Error` with a stable `code`.
 *
 * It is thrown in the thread that made the call, before anything has changed, but for what `written` of
 * a MassTreeFullError counts. `structuredClone` and `postMessage` keep an error's message, but neither
 * its class nor its `code`. If another thread needs the code, send it along with the error.
 */
export abstract class MassTreeError extends Error {
  /** Which error this is. Each subclass has one code, so a `switch` over it narrows the type. */
  abstract readonly code: MassTreeErrorCode;
}
