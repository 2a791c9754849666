/**
 * `masstree/trace`: what is rare and worth knowing about maps, as lines of JSON. For Node, Bun and Deno.
 */
export { trace } from "@masstree/session/trace";
