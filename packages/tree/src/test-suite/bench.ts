// What each check works with: maps, which it leaves verified and closed, and samples of keys and values.
import fc from "fast-check";
import { assertSame, assertTrue, listOf, show } from "./assert.ts";
import type { KeyKind } from "./keys.ts";
import type { AnyMap } from "./map.ts";
import type { Method } from "./method.ts";
import { SortedModel } from "./model.ts";
import type { ErrorCodes, MapCapabilities, MapSubject, ValueKind } from "./subject.ts";

/** The subject, with what it left out. */
export type AnySubject = MapSubject<unknown, unknown, AnyMap>;

/** Keys that a map is filled with in most checks. */
const FEW = 24;

export class Bench {
  readonly subject: AnySubject;
  readonly capabilities: MapCapabilities<AnyMap>;
  readonly codes: ErrorCodes;
  readonly seed: number;
  readonly runs: number;
  /** The methods that the class has. */
  readonly methods: readonly Method[];
  readonly #open = new Set<AnyMap>();

  constructor(
    subject: AnySubject,
    settings: { codes: ErrorCodes; seed: number; runs: number; methods: readonly Method[] },
  ) {
    this.subject = subject;
    this.capabilities = subject.capabilities;
    this.codes = settings.codes;
    this.seed = settings.seed;
    this.runs = settings.runs;
    this.methods = settings.methods;
  }

  get kind(): KeyKind<unknown> {
    return this.subject.keys;
  }

  get valueKind(): ValueKind<unknown> {
    return this.subject.values;
  }

  /** An empty map. */
  create(): AnyMap {
    return this.keep(this.subject.create());
  }

  /** The map of another map's handle. */
  attach(map: AnyMap): AnyMap {
    return this.keep(this.capabilities.handle!.attach(map.handle));
  }

  /** Has the end of the check verify and close this map. */
  keep(map: AnyMap): AnyMap {
    const isMap = typeof map === "object" && map !== null && "set" in map;
    assertTrue(isMap, `'create' and 'attach' must return a map, not ${show(map)}`);
    this.#open.add(map);
    return map;
  }

  /** Closes a map at once, verified. */
  finish(map: AnyMap): void {
    this.forget(map);
    if (this.capabilities.verify) map.verify!();
    this.subject.inspect?.(map);
    if (this.capabilities.close) map.close!();
  }

  /** Leaves a map alone that the check has closed. */
  forget(map: AnyMap): void {
    this.#open.delete(map);
  }

  /** Verifies and closes the maps that are open. */
  finishAll(): void {
    for (const map of this.#open) this.finish(map);
  }

  /** Closes the maps of a check that failed. */
  abandon(): void {
    if (this.capabilities.close) for (const map of this.#open) map.close!();
    this.#open.clear();
  }

  model(): SortedModel {
    return new SortedModel(this.kind, this.valueKind.equal);
  }

  /** A map with some keys, a model with the same, and as many keys that neither has, between them. */
  filled(): { map: AnyMap; model: SortedModel; present: unknown[]; absent: unknown[] } {
    const keys = this.keys(2 * FEW);
    const present = keys.filter((_, i) => i % 2 === 1);
    const absent = keys.filter((_, i) => i % 2 === 0);
    const { map, model } = this.mapOf(present);
    return { map, model, present, absent };
  }

  /** A map with these keys, and a model with the same. */
  mapOf(keys: readonly unknown[]): { map: AnyMap; model: SortedModel } {
    const map = this.create();
    const model = this.model();
    for (const [i, value] of this.values(keys.length).entries()) {
      map.set(keys[i], value);
      model.set(keys[i], value);
    }
    return { map, model };
  }

  /** So many different keys, as they come back, in ascending order. */
  keys(count: number): unknown[] {
    const { kind } = this;
    const found = this.model();
    for (let round = 0; round < 20 && found.entries.length < count; round++) {
      const settings = { seed: this.seed + round, numRuns: 2 * count };
      for (const key of fc.sample(kind.arbitrary, settings)) found.set(key, undefined);
    }
    const keys = found.entries.map(([key]) => key);
    assertTrue(keys.length >= count, `'keys' must draw at least ${count} different keys`);
    // Evenly from all of them, for the least ones are much alike.
    return Array.from({ length: count }, (_, i) => keys[Math.floor((i * keys.length) / count)]);
  }

  /** So many values. */
  values(count: number): unknown[] {
    return fc.sample(this.valueKind.arbitrary, { seed: this.seed, numRuns: count });
  }

  /** Asserts that a map has what its model has. */
  assertLike(map: AnyMap, model: SortedModel): void {
    assertSame(listOf(map.entries(), "entries()"), model.entries, "entries()");
    assertSame(map.size, model.entries.length, "size");
  }
}
