import { MassTreeFullError } from "@masstree/errors";
import { publish } from "@masstree/session";
import { type TreeInstance, wording } from "./instance.ts";

/**
 * The error for a write that found no memory; an event says so, too.
 *
 * @param written how many entries of several were written before
 * @internal
 */
export function fullError(tree: TreeInstance, written: number = 0): MassTreeFullError {
  return reported(
    tree,
    "The map has reached its 'maxBytes'. It can still be read, and accepts writes again once entries are deleted. To hold more, create it with a larger 'maxBytes'.",
    written,
  );
}

/** The same for a map that is being made. @internal */
export function tooSmallError(tree: TreeInstance): MassTreeFullError {
  return reported(
    tree,
    "The entries do not fit in the map's 'maxBytes', so no map was made. Create it with a larger 'maxBytes'.",
  );
}

function reported({ memory }: TreeInstance, message: string, written?: number): MassTreeFullError {
  publish("masstree:full", memory, wording.noun, { bytes: memory.buffer.byteLength });
  return new MassTreeFullError(message, written);
}
