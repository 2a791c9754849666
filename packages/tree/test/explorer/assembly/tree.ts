/*
 * The tree as the explorer runs it: the shipped module's exports, and what is explored besides.
 */
export * from "@masstree/tree/assembly/module";
export * from "./rare";
