/*
 * The constants that JavaScript shares with the stack.
 */
export { OK } from "@masstree/memory/assembly";
export { STACK_LAYOUT } from "./client";
export { EMPTY, MAX_VALUE_BYTES, MEASURED_BYTES, MEASURED_SIZE } from "./stack";
