/*
 * The constants that JavaScript shares.
 */
export * from "./broken";
export { CONFIG_WORDS, FULL, LAYOUT_VERSION, OK, PAGE_BYTES } from "./header";
