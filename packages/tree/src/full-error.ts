import { MassTreeFullError } from "@masstree/errors";

/**
 * The error for a write that found no memory.
 *
 * @param written how many entries of several were written before
 * @internal
 */
export function fullError(written: number = 0): MassTreeFullError {
  return new MassTreeFullError(
    "The map has reached its 'maxBytes'. It can still be read, and accepts writes again once entries are deleted. To hold more, create it with a larger 'maxBytes'.",
    written,
  );
}
