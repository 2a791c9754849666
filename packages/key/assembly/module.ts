/*
 * The module that the JavaScript wrapper instantiates: what JavaScript calls, and no more.
 */
export { compareBytes, equalBytes } from "./bytes";
export { classOf, compareKey, ikeyAt, storeIkey, tagOf } from "./slice";
