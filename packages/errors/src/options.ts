/**
 * Checks of what a caller passes, for the packages that throw these errors: `@masstree/errors/options`.
 */
import { describe } from "./describe.ts";
import { MassTreeBadOptionError } from "./errors.ts";

export { describe };

/**
 * Refuses what is no object, and members that are not among `known`: a misspelt option would
 * otherwise be ignored in silence. O(members).
 *
 * @param options what the caller passed
 * @param known the names of all options that there are
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 */
export function checkNames(options: unknown, known: readonly string[]): asserts options is object {
  if (typeof options !== "object" || options === null) {
    throw new MassTreeBadOptionError(`The options must be an object, not ${describe(options)}.`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new MassTreeBadOptionError(`There is no option '${name}'. ${listOf(known)}`);
    }
  }
}

function listOf(known: readonly string[]): string {
  const all = known.map((option) => `'${option}'`).join(", ");
  if (known.length === 0) return "None is taken here.";
  return known.length === 1 ? `There is only ${all}.` : `There are ${all}.`;
}

/**
 * The error for an option of the wrong type or out of its range.
 *
 * @param name of the option
 * @param wanted what it has to be, as in "a function"
 * @param got what it is
 */
export function badOption(name: string, wanted: string, got: unknown): MassTreeBadOptionError {
  return new MassTreeBadOptionError(
    `The option '${name}' must be ${wanted}, not ${describe(got)}.`,
  );
}
