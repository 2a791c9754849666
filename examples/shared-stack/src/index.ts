export { SharedStack, type StackStats } from "./shared-stack.ts";
