import { checkNames } from "./check-names.ts";
import { MassTreeBadOptionError } from "./errors.ts";
import { reasonOf } from "./reason.ts";

/**
 * Reads options, each once: a getter may be behind any, and throw.
 *
 * @param options what the caller passed
 * @param known the names of all options that there are
 * @returns what they are, under these names; undefined for those that are not there
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for what is no object, for any other name, and
 *   when reading them throws: what it threw is the `cause`
 */
export function readOptions<Name extends string>(
  options: unknown,
  known: readonly Name[],
): Record<Name, unknown> {
  const read: Record<string, unknown> = Object.create(null);
  const isObject = typeof options === "object" && options !== null;
  if (isObject) {
    let isIterable: boolean;
    try {
      isIterable = Symbol.iterator in options;
      for (const name of Object.keys(options)) read[name] = undefined;
      for (const name of known) read[name] = (options as Record<string, unknown>)[name];
    } catch (cause) {
      throw new MassTreeBadOptionError(`The options cannot be read: ${reasonOf(cause)}`, { cause });
    }
    if (isIterable) {
      throw new MassTreeBadOptionError(
        "The options are an iterable, and have to be an object such as { maxBytes }. A new map is empty: 'set' its entries one by one.",
      );
    }
  }
  checkNames(isObject ? read : options, known);
  return read;
}
