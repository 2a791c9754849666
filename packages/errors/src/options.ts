/**
 * `@masstree/errors/options`: checks of callers' options, for packages that throw these errors.
 */
export { badOption, checkNames } from "./check-names.ts";
export { describe } from "./describe.ts";
export { readOptions } from "./read-options.ts";
export { reasonOf } from "./reason.ts";
