/*
 * The WebAssembly exports of the tree whose value words stand for values of any size: the exports of all maps, and
 * those of box.ts, which move values in and out.
 */

export * from "@masstree/tree/assembly/common";
export * from "./box";
