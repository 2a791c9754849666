import { describe } from "./describe.ts";
import { MassTreeBadOptionError } from "./errors.ts";

/**
 * Refuses options that are not an object, are an iterable such as an array, or have members other than
 * `known`. Otherwise a misspelt option would be ignored silently. O(members).
 *
 * @param options what the caller passed
 * @param known the names of all options
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 */
export function checkNames(options: unknown, known: readonly string[]): asserts options is object {
  if (typeof options !== "object" || options === null) {
    throw new MassTreeBadOptionError(`The options must be an object, not ${describe(options)}.`);
  }
  if (Symbol.iterator in options) {
    throw new MassTreeBadOptionError(
      `The options must be an object, not an iterable. ${listOf(known)}`,
    );
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new MassTreeBadOptionError(`There is no option '${name}'. ${listOf(known)}`);
    }
  }
}

function listOf(known: readonly string[]): string {
  const all = known.map((option) => `'${option}'`).join(", ");
  if (known.length === 0) return "This takes no options.";
  return known.length === 1 ? `The only option is ${all}.` : `The options are ${all}.`;
}

/**
 * Makes the error for an option of the wrong type or out of its range.
 *
 * @param name the option's name
 * @param wanted what the option must be, such as "a function"
 * @param got what the caller passed
 */
export function badOption(name: string, wanted: string, got: unknown): MassTreeBadOptionError {
  return new MassTreeBadOptionError(
    `The option '${name}' must be ${wanted}, not ${describe(got)}.`,
  );
}
