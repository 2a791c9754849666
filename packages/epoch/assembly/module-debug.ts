/*
 * The module of the tests: as module.ts, and with what only tests may do.
 */
export { announce } from "./index";
export * from "./module";
