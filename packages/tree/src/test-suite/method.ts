// What a file of methods/ or traits/ says of a part of the surface.
import type { AnySubject, Bench } from "./bench.ts";
import type { AnyMap, TestedRange } from "./map.ts";
import type { SortedModel } from "./model.ts";
import type { Capability } from "./subject.ts";

/** Does a check. Throws what is wrong. */
export type Check = (bench: Bench) => void | Promise<void>;

/** A check for the classes that can do what it is about. */
export interface Conditional {
  readonly when: (subject: AnySubject) => boolean;
  readonly check: Check;
}

/** Checks by the words that follow their trait's name: "gives undefined for a key that is not there". */
export type Checks = Readonly<Record<string, Check | Conditional>>;

/** What is tested together. */
export interface Trait {
  /** What the checks are about, as their names begin. */
  readonly name: string;
  /** Tested only for classes that have declared all of these. */
  readonly needs?: readonly Capability[];
  /** Tested only for subjects of which this is true. */
  readonly fits?: (subject: AnySubject) => boolean;
  readonly checks: Checks;
}

/** Arguments, of which a method takes some. */
export interface Arguments {
  readonly key: unknown;
  readonly value: unknown;
  readonly range: TestedRange<unknown>;
  readonly keys?: readonly unknown[];
  readonly entries?: readonly (readonly [unknown, unknown])[];
  /** What a value is compared with; undefined for no value. */
  readonly expected?: unknown;
  /** What is written; undefined for no value, which removes. */
  readonly next?: unknown;
}

/** A method that random checks call, and that has to refuse wrong arguments and closed maps. */
export interface Method extends Trait {
  /** The arguments, in order. */
  readonly takes: readonly (keyof Arguments)[];
  /** Whether it refuses a value that is none, for a key that is there or not. Default: always. */
  readonly refuses?: (value: unknown, isThere: boolean) => boolean;
  /** How often random checks call it, beside 1 for the least frequent. */
  readonly weight: number;
  /** Calls it, and returns what it gives. */
  call(map: AnyMap, given: Arguments): unknown;
  /** Does the same to the model, and returns what the map must have given. */
  answer(model: SortedModel, given: Arguments): unknown;
  /** Makes what `call` returned comparable to what `answer` does. Default: as it is. */
  read?(result: unknown, map: AnyMap): unknown;
}

/** What a method gave, comparable. */
export function readOf({ read }: Method, result: unknown, map: AnyMap): unknown {
  return read === undefined ? result : read(result, map);
}

export function when(condition: (subject: AnySubject) => boolean, check: Check): Conditional {
  return { when: condition, check };
}

/** The condition that a class has declared all of these. */
export function able(...needs: readonly Capability[]): (subject: AnySubject) => boolean {
  return ({ capabilities }) => needs.every((name) => Boolean(capabilities[name]));
}
