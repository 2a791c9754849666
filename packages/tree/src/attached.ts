import type { WordTreeExports } from "./exports.ts";
import type { KeyType } from "./key-types.ts";
import type { OpenMap } from "./open-map.ts";

/**
 * What `attach` of a class opened, to be passed through the constructor. No caller gets one.
 *
 * Not in @masstree/inline, whose two classes share no file: bundlers drop the one that is not used.
 *
 * @internal
 */
export class Attached<Name extends string> {
  readonly map: OpenMap<KeyType, Name, WordTreeExports>;
  readonly #own = true;

  constructor(map: OpenMap<KeyType, Name, WordTreeExports>) {
    this.map = map;
  }

  /** Whether `options` is one. Runs no code of the caller: `options` may be a proxy. */
  static is(options: unknown): options is Attached<string> {
    return typeof options === "object" && options !== null && #own in options;
  }
}
