import { wasm } from "./generated/permuter.ts";

const bytes = Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });

/** How many slots `permutation` holds. */
export const size = exports.size as (permutation: bigint) => number;
