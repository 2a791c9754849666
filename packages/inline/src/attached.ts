import type { KeyType, OpenMap, WordTreeExports } from "@masstree/tree";

/** What `attach` of a class opened, to be passed through the constructor. */
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
