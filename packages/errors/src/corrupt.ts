import { MassTreeError } from "./error.ts";
import { nameClass } from "./name-class.ts";

/**
 * Where an invariant is broken: named numbers and words such as
 * `{ node: 4096, slot: 3, layer: 1 }`. Numbers that are addresses are byte offsets into the
 * map's memory.
 */
export type MassTreePlace = Readonly<Record<string, number | bigint | string>>;

/** A check of a quiescent map found a broken invariant: a bug in masstree, or a stray write. */
export class MassTreeCorruptError extends MassTreeError {
  override readonly code = "MASSTREE_CORRUPT" as const;

  /** Where it is broken. The message says it too. */
  readonly place: MassTreePlace;

  /**
   * @param message which invariant is broken
   * @param place where; appended to the message as `name value, name value`
   */
  constructor(message: string, place: MassTreePlace, options?: ErrorOptions) {
    const words = Object.entries(place).map(([name, value]) => `${name} ${value}`);
    super(words.length === 0 ? message : `${message} (${words.join(", ")})`, options);
    this.place = place;
  }

  static {
    nameClass(MassTreeCorruptError, "MassTreeCorruptError");
  }
}
