// One class for each code.
import { MassTreeError } from "./error.ts";
import { nameClass } from "./name-class.ts";

/**
 * The write does not fit in the map's `maxBytes`. Nothing has changed; the map still reads and
 * deletes, and writes again once something was deleted and reclaimed.
 */
export class MassTreeFullError extends MassTreeError {
  override readonly code = "MASSTREE_FULL" as const;

  static {
    nameClass(MassTreeFullError, "MassTreeFullError");
  }
}

/** The key takes more than 65,536 bytes once encoded. */
export class MassTreeKeyTooLongError extends MassTreeError {
  override readonly code = "MASSTREE_KEY_TOO_LONG" as const;

  static {
    nameClass(MassTreeKeyTooLongError, "MassTreeKeyTooLongError");
  }
}

/**
 * The key is of the wrong type or has no place in the order: a NaN, a string with a lone surrogate,
 * a bigint outside the signed 64-bit range.
 */
export class MassTreeBadKeyError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_KEY" as const;

  static {
    nameClass(MassTreeBadKeyError, "MassTreeBadKeyError");
  }
}

/** The map's value codec cannot take the value. */
export class MassTreeBadValueError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_VALUE" as const;

  static {
    nameClass(MassTreeBadValueError, "MassTreeBadValueError");
  }
}

/**
 * A range has an unknown member, or one of the wrong type. Contradictory bounds are no error: they
 * give an empty range.
 */
export class MassTreeBadRangeError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_RANGE" as const;

  static {
    nameClass(MassTreeBadRangeError, "MassTreeBadRangeError");
  }
}

/** An option is unknown, of the wrong type or out of its range. */
export class MassTreeBadOptionError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_OPTION" as const;

  static {
    nameClass(MassTreeBadOptionError, "MassTreeBadOptionError");
  }
}

/**
 * What was to be attached is not a handle, or belongs to a map of another layout version, width or
 * value kind.
 */
export class MassTreeBadHandleError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_HANDLE" as const;

  static {
    nameClass(MassTreeBadHandleError, "MassTreeBadHandleError");
  }
}

/** The map was closed in this thread. Other threads that have it open are not affected. */
export class MassTreeClosedError extends MassTreeError {
  override readonly code = "MASSTREE_CLOSED" as const;

  static {
    nameClass(MassTreeClosedError, "MassTreeClosedError");
  }
}

/** More threads than the map has room for have it open at once. */
export class MassTreeTooManyParticipantsError extends MassTreeError {
  override readonly code = "MASSTREE_TOO_MANY_PARTICIPANTS" as const;

  static {
    nameClass(MassTreeTooManyParticipantsError, "MassTreeTooManyParticipantsError");
  }
}

/**
 * The platform lacks what the map needs: WebAssembly with shared memory, and in browsers a page that
 * is cross-origin isolated.
 */
export class MassTreeUnsupportedError extends MassTreeError {
  override readonly code = "MASSTREE_UNSUPPORTED" as const;

  static {
    nameClass(MassTreeUnsupportedError, "MassTreeUnsupportedError");
  }
}
