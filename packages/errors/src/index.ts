export type { MassTreeErrorCode } from "./code.ts";
export { MassTreeCorruptError, type MassTreePlace } from "./corrupt.ts";
export { MassTreeError } from "./error.ts";
export {
  MassTreeBadFileError,
  MassTreeBadHandleError,
  MassTreeBadKeyError,
  MassTreeBadOptionError,
  MassTreeBadRangeError,
  MassTreeBadValueError,
  MassTreeClosedError,
  MassTreeFullError,
  MassTreeInterruptedError,
  MassTreeKeyTooLongError,
  MassTreeNotLoadedError,
  MassTreeTimeoutError,
  MassTreeTooManyParticipantsError,
  MassTreeUnsortedError,
  MassTreeUnsupportedError,
} from "./errors.ts";
