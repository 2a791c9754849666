// mapChecks: from what is known of a class to the list of its checks.
import { describeError } from "./assert.ts";
import { type AnySubject, Bench } from "./bench.ts";
import { ConformanceError } from "./error.ts";
import type { TestedMap } from "./map.ts";
import { able, type Check, type Trait, when } from "./method.ts";
import { methods } from "./methods.ts";
import { capabilityNames, familyCodes, type MapSubject } from "./subject.ts";
import { traits } from "./traits.ts";

/** One check of the suite. */
export interface MapCheck {
  /** What it is about: a method's name, or a trait such as "iterators". */
  readonly group: string;
  /** What must hold, as a sentence that begins with the group. */
  readonly name: string;
  /**
   * Does it. Checks share nothing and may run in any order.
   *
   * @throws ConformanceError when the map does something else
   */
  run(): Promise<void>;
}

/**
 * The checks that a class of maps must pass: all that it declares to be able to do. Depends on no test runner;
 * random choices are fast-check's.
 *
 * @throws ConformanceError if the subject declares a capability that there is not
 * @example
 * ```ts
 * for (const { name, run } of mapChecks(subject)) test(name, run);
 * ```
 */
export function mapChecks<K, V, M extends TestedMap<K, V>>(
  subject: MapSubject<K, V, M>,
): readonly MapCheck[] {
  for (const name of Object.keys(subject.capabilities)) {
    if (!Object.hasOwn(capabilityNames, name)) {
      throw new ConformanceError(
        `There is no capability '${name}'. There are: ${Object.keys(capabilityNames).join(", ")}.`,
      );
    }
  }
  // Methods of an interface take parameters of narrower types: the suite gives back only what it was given.
  const any = subject as unknown as AnySubject;
  const has = ({ needs = [], fits }: Trait) => able(...needs)(any) && (fits?.(any) ?? true);
  const settings = {
    codes: { ...familyCodes, ...subject.codes },
    seed: subject.seed ?? Math.floor(Math.random() * 2 ** 31),
    runs: subject.runs ?? 100,
    methods: methods.filter(has),
  };
  return [...settings.methods, ...traits.filter(has)].flatMap(({ name: group, checks }) =>
    Object.entries(checks)
      .map(([words, given]) => ({
        words,
        ...(typeof given === "function" ? when(() => true, given) : given),
      }))
      .filter((conditional) => conditional.when(any))
      .map(({ words, check }) => ({
        group,
        name: `${group} ${words}`,
        run: () => perform(new Bench(any, settings), check),
      })),
  );
}

async function perform(bench: Bench, check: Check): Promise<void> {
  try {
    await check(bench);
    bench.finishAll();
  } catch (error) {
    throw withSeed(error, bench.seed);
  } finally {
    bench.abandon();
  }
}

function withSeed(error: unknown, seed: number): ConformanceError {
  const known = error instanceof ConformanceError;
  const message = known ? error.message : `The map threw ${describeError(error)}`;
  const { actual, expected, operations } = known ? error : ({} as Partial<ConformanceError>);
  return new ConformanceError(`${message}\nReplay with seed: ${seed}`, {
    actual,
    expected,
    seed,
    ...(operations === undefined ? {} : { operations }),
    cause: error,
  });
}
