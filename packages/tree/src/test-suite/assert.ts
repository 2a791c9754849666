// The assertions of the checks. They depend on no test runner.
import fc from "fast-check";
import { ConformanceError } from "./error.ts";
import { same } from "./same.ts";

/** @param what the call or fact that is compared, as in "get(key)" */
export function assertSame(actual: unknown, expected: unknown, what: string): void {
  if (same(actual, expected)) return;
  throw new ConformanceError(`${what}: got ${show(actual)}, not ${show(expected)}`, {
    actual,
    expected,
  });
}

export function assertTrue(fact: boolean, what: string): void {
  if (!fact) throw new ConformanceError(what);
}

/** More than any map of the suite has. */
const MOST_STEPS = 1_000_000;

/** What an iterable gives, as `[...iterable]`; but fails instead of filling all memory if that does not end. */
export function listOf<T>(iterable: Iterable<T>, what: string): T[] {
  const list: T[] = [];
  for (const item of iterable) {
    if (list.push(item) > MOST_STEPS) {
      throw new ConformanceError(`${what} does not end: ${MOST_STEPS} steps`);
    }
  }
  return list;
}

/** Asserts that `action` throws an error with this code, and returns the error. */
export function assertThrowsCode(action: () => unknown, code: string, what: string): unknown {
  const error = thrownBy(action, `${what} must throw ${code}`);
  const actual = codeOf(error);
  if (actual === code) return error;
  const message = `${what} must throw ${code}, not ${describeError(error)}`;
  throw new ConformanceError(message, { actual, expected: code, cause: error });
}

/** Asserts that `action` throws a TypeError. */
export function assertThrowsTypeError(action: () => unknown, what: string): void {
  const error = thrownBy(action, `${what} must throw a TypeError`);
  if (error instanceof TypeError) return;
  throw new ConformanceError(`${what} must throw a TypeError, not ${describeError(error)}`, {
    cause: error,
  });
}

function thrownBy(action: () => unknown, what: string): unknown {
  let result: unknown;
  try {
    result = action();
  } catch (error) {
    return error;
  }
  throw new ConformanceError(`${what}, and gave ${show(result)}`, { actual: result });
}

export function codeOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
}

export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : show(error);
}

const longest = 400;

/** A key, a value or a result as messages show it. */
export function show(value: unknown): string {
  const text = textOf(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}... (${text.length} characters)`;
}

function textOf(value: unknown): string {
  try {
    return fc.stringify(value);
  } catch (error) {
    // Such as a revoked proxy, or bytes whose memory has gone.
    return `${typeof value} that cannot be shown (${error instanceof Error ? error.message : "no error"})`;
  }
}
