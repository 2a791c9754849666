export type { PermuterWidth } from "./exports.ts";
export type { Permutation } from "./permutation.ts";
export { Permuter } from "./permuter.ts";
