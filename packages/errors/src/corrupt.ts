import { MassTreeError } from "./error.ts";
import { nameClass } from "./name-class.ts";

/**
 * Where an invariant is broken: named numbers and words such as
 * `{ node: 4096, slot: 3, layer: 1 }`. Addresses are byte offsets into the map's memory.
 */
export type MassTreePlace = Readonly<Record<string, number | bigint | string>>;

/**
 * A check of a map at rest found a broken invariant. The cause is a bug in masstree, or a stray
 * write to its memory.
 */
export class MassTreeCorruptError extends MassTreeError {
  override readonly code = "MASSTREE_CORRUPT" as const;

  /** Where the invariant is broken. The message says so too. */
  readonly place: MassTreePlace;

  /**
   * @param message which invariant is broken
   * @param place where it is broken; appended to the message as `(name value, name value)`
   * @param options `cause`, as for every `Error`
   */
  constructor(message: string, place: MassTreePlace, options?: { cause?: unknown }) {
    const words = Object.entries(place).map(([name, value]) => `${name} ${value}`);
    super(words.length === 0 ? message : `${message} (${words.join(", ")})`, options);
    this.place = place;
  }

  static {
    nameClass(MassTreeCorruptError, "MassTreeCorruptError");
  }
}
