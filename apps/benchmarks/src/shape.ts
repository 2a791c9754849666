// The shapes of results in files, to find what is wrong with one.

/** What a value must be: a test of its own, the members of an object, or something that may be absent. */
export type Shape = Test | { readonly [member: string]: Shape } | Optional | List | Dictionary;

export class Test {
  readonly what: string;
  readonly holds: (value: unknown) => boolean;
  constructor(what: string, holds: (value: unknown) => boolean) {
    this.what = what;
    this.holds = holds;
  }
}

export class Optional {
  readonly shape: Shape;
  constructor(shape: Shape) {
    this.shape = shape;
  }
}

export class List {
  readonly shape: Shape | ((item: unknown) => Shape);
  readonly least: number;
  constructor(shape: Shape | ((item: unknown) => Shape), least = 0) {
    this.shape = shape;
    this.least = least;
  }
}

export class Dictionary {
  readonly shape: Shape;
  constructor(shape: Shape) {
    this.shape = shape;
  }
}

export const text = new Test("a text", (value) => typeof value === "string");
export const number = new Test("a number", (value) => Number.isFinite(value));
export const positive = new Test(
  "a number above 0",
  (value) => Number.isFinite(value) && Number(value) > 0,
);
export const flag = new Test("true or false", (value) => typeof value === "boolean");
export const oneOf = (...allowed: string[]): Test =>
  new Test(`one of ${allowed.map((each) => `'${each}'`).join(", ")}`, (value) =>
    allowed.includes(value as string),
  );
export const maybe = (shape: Shape): Optional => new Optional(shape);

/** What is wrong with a value, with the path to it; undefined if nothing is. */
export function problem(value: unknown, wanted: Shape, path: string): string | undefined {
  const at = path === "" ? "the whole" : path;
  if (wanted instanceof Optional) {
    return value === undefined ? undefined : problem(value, wanted.shape, path);
  }
  if (wanted instanceof Test) {
    return wanted.holds(value) ? undefined : `${at} must be ${wanted.what}`;
  }
  if (wanted instanceof List) {
    if (!Array.isArray(value)) return `${at} must be a list`;
    if (value.length < wanted.least) return `${at} must not be empty`;
    return first(value, (item, n) =>
      problem(
        item,
        typeof wanted.shape === "function" ? wanted.shape(item) : wanted.shape,
        `${path}[${n}]`,
      ),
    );
  }
  if (!isRecord(value)) return `${at} must be an object`;
  const members =
    wanted instanceof Dictionary
      ? Object.keys(value).map((member): [string, Shape] => [member, wanted.shape])
      : Object.entries(wanted);
  return first(members, ([member, inner]) =>
    problem(value[member], inner, path === "" ? member : `${path}.${member}`),
  );
}

function first<T>(
  items: readonly T[],
  find: (item: T, n: number) => string | undefined,
): string | undefined {
  for (const [n, item] of items.entries()) {
    const found = find(item, n);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
