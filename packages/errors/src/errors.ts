// One class for each code. A class's name is set on its prototype: minifiers rename classes, and
// an own property would be printed with every error.
import { MassTreeError } from "./error.ts";

/**
 * The write does not fit in the map's `maxBytes`. Nothing has changed; the map still reads and
 * deletes, and writes again once something was deleted and reclaimed.
 */
export class MassTreeFullError extends MassTreeError {
  override readonly code = "MASSTREE_FULL" as const;

  static {
    MassTreeFullError.prototype.name = "MassTreeFullError";
  }
}

/** The key takes more than 65,536 bytes once encoded. */
export class MassTreeKeyTooLongError extends MassTreeError {
  override readonly code = "MASSTREE_KEY_TOO_LONG" as const;

  static {
    MassTreeKeyTooLongError.prototype.name = "MassTreeKeyTooLongError";
  }
}

/**
 * The key is of the wrong type or has no place in the order: a NaN, a string with a lone surrogate,
 * a bigint outside the signed 64-bit range.
 */
export class MassTreeBadKeyError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_KEY" as const;

  static {
    MassTreeBadKeyError.prototype.name = "MassTreeBadKeyError";
  }
}

/** The map's value codec cannot take the value. */
export class MassTreeBadValueError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_VALUE" as const;

  static {
    MassTreeBadValueError.prototype.name = "MassTreeBadValueError";
  }
}

/**
 * A range has an unknown member, or one of the wrong type. Contradictory bounds are no error: they
 * give an empty range.
 */
export class MassTreeBadRangeError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_RANGE" as const;

  static {
    MassTreeBadRangeError.prototype.name = "MassTreeBadRangeError";
  }
}

/** An option is unknown, of the wrong type or out of its range. */
export class MassTreeBadOptionError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_OPTION" as const;

  static {
    MassTreeBadOptionError.prototype.name = "MassTreeBadOptionError";
  }
}

/**
 * What was to be attached is not a handle, or belongs to a map of another layout version, width or
 * value kind.
 */
export class MassTreeBadHandleError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_HANDLE" as const;

  static {
    MassTreeBadHandleError.prototype.name = "MassTreeBadHandleError";
  }
}

/** The map was closed in this thread. Other threads that have it open are not affected. */
export class MassTreeClosedError extends MassTreeError {
  override readonly code = "MASSTREE_CLOSED" as const;

  static {
    MassTreeClosedError.prototype.name = "MassTreeClosedError";
  }
}

/** More threads than the map has room for have it open at once. */
export class MassTreeTooManyParticipantsError extends MassTreeError {
  override readonly code = "MASSTREE_TOO_MANY_PARTICIPANTS" as const;

  static {
    MassTreeTooManyParticipantsError.prototype.name = "MassTreeTooManyParticipantsError";
  }
}

/**
 * The platform lacks what the map needs: WebAssembly with shared memory, and in browsers a page that
 * is cross-origin isolated.
 */
export class MassTreeUnsupportedError extends MassTreeError {
  override readonly code = "MASSTREE_UNSUPPORTED" as const;

  static {
    MassTreeUnsupportedError.prototype.name = "MassTreeUnsupportedError";
  }
}
