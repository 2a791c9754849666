import { MassTreeFullError } from "@masstree/errors";
import { publish } from "@masstree/session";
import { type TreeInstance, wording } from "./instance.ts";

/**
 * The error for a write that found no memory; an event says so, too.
 *
 * @param written how many entries of several were written before
 * @internal
 */
export function fullError({ memory }: TreeInstance, written: number = 0): MassTreeFullError {
  const { buffer } = memory;
  publish("masstree:full", memory, wording.noun, { bytes: buffer.byteLength });
  return new MassTreeFullError(
    "The map has reached its 'maxBytes'. It can still be read, and accepts writes again once entries are deleted. To hold more, create it with a larger 'maxBytes'.",
    written,
  );
}
