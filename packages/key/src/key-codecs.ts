import { bigint } from "./bigint.ts";
import { bytes } from "./bytes.ts";
import type { KeyCodec } from "./codec.ts";
import { number } from "./number.ts";
import { string } from "./string.ts";

/** The codec type of each kind of key. */
export interface KeyCodecs {
  readonly string: KeyCodec<string>;
  readonly bytes: KeyCodec<Uint8Array>;
  readonly number: KeyCodec<number>;
  readonly bigint: KeyCodec<bigint>;
}

/** The codec of each kind of key. Frozen, and so is each codec. */
export const keyCodecs: KeyCodecs = Object.freeze({
  string: Object.freeze(string),
  bytes: Object.freeze(bytes),
  number: Object.freeze(number),
  bigint: Object.freeze(bigint),
});
