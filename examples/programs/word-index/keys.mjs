import { tuple } from "masstree";

/** Keys of the index: a word, and a file that has it. All places of a word are neighbours. */
export const placeOfWord = tuple("string", "string");
