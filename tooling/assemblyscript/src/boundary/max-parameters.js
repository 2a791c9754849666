/**
 * How many parameters an exported function may have. JavaScript's guard of calls passes on exactly this
 * many: with a rest parameter, each call would allocate an array.
 */
export const MAX_PARAMETERS = 6;
