import type { MassTreeErrorCode } from "./code.ts";

/**
 * What every error of masstree is: an `Error` with a stable `code`.
 *
 * It is thrown before anything has changed, in the thread that made the call. `structuredClone`
 * and `postMessage` keep an error's message but neither its class nor its `code`: send the code
 * beside the error if another thread has to know it.
 */
export abstract class MassTreeError extends Error {
  /** Which error it is. Each subclass has one code, so that a switch over it narrows the type. */
  abstract readonly code: MassTreeErrorCode;
}
