/**
 * A thread's use of a shared structure, from JavaScript. Classes of maps and other structures are
 * built on it.
 */

export type { WasmMemory, WasmModule } from "@masstree/wasm";
export { type DiagnosticEvent, type DiagnosticEvents, publish } from "./diagnostics.ts";
export {
  BAD,
  FULL,
  KEY_SCRATCH_BYTES,
  OK,
  RESULT_SCRATCH_BYTES,
  type SessionExports,
  TOO_MANY,
} from "./exports.ts";
export { type Handle, notAHandle, readHandle } from "./handle.ts";
export { WasmModules } from "./modules.ts";
export type { ParticipantStats } from "./participants.ts";
export { type HostImports, Session, type Wording } from "./session.ts";
export { Views } from "./views.ts";
