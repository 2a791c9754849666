// One error class for each code. MassTreeCorruptError, which carries a place, is in corrupt.ts.
import { MassTreeError } from "./error.ts";
import { nameClass } from "./name-class.ts";

/**
 * A write, a new map or another participant does not fit in the map's `maxBytes`. Nothing has
 * changed, unless `written` says otherwise. The map still reads and deletes, and it accepts writes
 * again once deleted entries have been reclaimed.
 */
export class MassTreeFullError extends MassTreeError {
  override readonly code = "MASSTREE_FULL" as const;
  /**
   * How many entries were written before memory ended: by `setMany` the first so many of those that
   * it was given, else none.
   */
  readonly written: number;

  constructor(message: string, written: number = 0) {
    super(message);
    this.written = written;
  }

  static {
    nameClass(MassTreeFullError, "MassTreeFullError");
  }
}

/** The encoded key has more than 65,536 bytes. */
export class MassTreeKeyTooLongError extends MassTreeError {
  override readonly code = "MASSTREE_KEY_TOO_LONG" as const;

  static {
    nameClass(MassTreeKeyTooLongError, "MassTreeKeyTooLongError");
  }
}

/**
 * The key has the wrong type, or it has no place in the order: NaN, a string with a lone surrogate,
 * or a bigint outside the signed 64-bit range.
 */
export class MassTreeBadKeyError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_KEY" as const;

  static {
    nameClass(MassTreeBadKeyError, "MassTreeBadKeyError");
  }
}

/** The map's value codec does not accept the value. */
export class MassTreeBadValueError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_VALUE" as const;

  static {
    nameClass(MassTreeBadValueError, "MassTreeBadValueError");
  }
}

/**
 * A range has an unknown member, a member of the wrong type, or a bound that cannot be a key.
 * Contradictory bounds are not an error: they give an empty range.
 */
export class MassTreeBadRangeError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_RANGE" as const;

  static {
    nameClass(MassTreeBadRangeError, "MassTreeBadRangeError");
  }
}

/**
 * An option is unknown, of the wrong type or out of its range, or an argument such as a participant,
 * a position or an address is.
 */
export class MassTreeBadOptionError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_OPTION" as const;

  static {
    nameClass(MassTreeBadOptionError, "MassTreeBadOptionError");
  }
}

/**
 * The argument of `attach` is not a handle, or it belongs to a map of another layout version, width
 * or value kind.
 */
export class MassTreeBadHandleError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_HANDLE" as const;

  static {
    nameClass(MassTreeBadHandleError, "MassTreeBadHandleError");
  }
}

/**
 * This thread has not imported the code for maps of this width. `masstree` loads that for width 15 only;
 * import `masstree/24` in each thread that uses maps of width 24.
 */
export class MassTreeNotLoadedError extends MassTreeError {
  override readonly code = "MASSTREE_NOT_LOADED" as const;

  static {
    nameClass(MassTreeNotLoadedError, "MassTreeNotLoadedError");
  }
}

/**
 * What was to be loaded is no saved map, is one of another version or class, or is cut off or damaged.
 * Nothing was loaded.
 */
export class MassTreeBadFileError extends MassTreeError {
  override readonly code = "MASSTREE_BAD_FILE" as const;
  /** How many bytes of the file come before the place where that was noticed. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }

  static {
    nameClass(MassTreeBadFileError, "MassTreeBadFileError");
  }
}

/** The map was closed in this thread, and other threads can go on using it; or the cursor or the guard was disposed. */
export class MassTreeClosedError extends MassTreeError {
  override readonly code = "MASSTREE_CLOSED" as const;

  static {
    nameClass(MassTreeClosedError, "MassTreeClosedError");
  }
}

/**
 * A call was interrupted (by a full stack, a trap or a timeout), and with it ended what the caller had
 * been promised, such as a pin of `@masstree/epoch`.
 */
export class MassTreeInterruptedError extends MassTreeError {
  override readonly code = "MASSTREE_INTERRUPTED" as const;

  static {
    nameClass(MassTreeInterruptedError, "MassTreeInterruptedError");
  }
}

/** Input that has to be sorted is not, or has a key twice: nothing was made of it. */
export class MassTreeUnsortedError extends MassTreeError {
  override readonly code = "MASSTREE_UNSORTED" as const;
  /** Which entry of the input, counted from 0: the first whose key is not greater than the one before. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }

  static {
    nameClass(MassTreeUnsortedError, "MassTreeUnsortedError");
  }
}

/** As many threads as the map has room for have it open already. */
export class MassTreeTooManyParticipantsError extends MassTreeError {
  override readonly code = "MASSTREE_TOO_MANY_PARTICIPANTS" as const;

  static {
    nameClass(MassTreeTooManyParticipantsError, "MassTreeTooManyParticipantsError");
  }
}

/**
 * The platform lacks what the map needs: WebAssembly with shared memory and, in browsers, a
 * cross-origin isolated page. Or what one of its codecs needs, such as node:v8. Or the thread may not
 * sleep, as the main thread of a browser.
 */
export class MassTreeUnsupportedError extends MassTreeError {
  override readonly code = "MASSTREE_UNSUPPORTED" as const;

  static {
    nameClass(MassTreeUnsupportedError, "MassTreeUnsupportedError");
  }
}

/** What was waited for has not happened within the time limit. */
export class MassTreeTimeoutError extends MassTreeError {
  override readonly code = "MASSTREE_TIMEOUT" as const;

  static {
    nameClass(MassTreeTimeoutError, "MassTreeTimeoutError");
  }
}
