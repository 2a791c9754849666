// What console.log shows of a map or a set.

/** What Node, Bun and Deno look for. It is registered, so that nothing has to be imported. */
const custom = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");

/** What `util.inspect` passes along. */
interface InspectOptions {
  readonly maxArrayLength?: number | null | undefined;
}

/** `util.inspect`, as it is passed along. */
type Inspect = (value: unknown, options: object) => string;

/** What can be shown: a map or a set. */
interface Inspected {
  readonly size: number;
  readonly [Symbol.toStringTag]: string;
}

/** At most this many, whatever the options: the map may hold millions, and others may be writing to it. */
const most = 100;

/** Those that are being shown. */
const active = /* @__PURE__ */ new WeakSet<object>();

/**
 * Gives a class the text that `console.log` shows: the kind, the size, and the first entries, as for a
 * `Map`. At most 100 of them are read, or as many as `maxArrayLength` says. It never throws: what cannot be
 * read is left out.
 *
 * No class has this as a method: its name would be in the declarations, which must compile without Node's
 * types.
 *
 * @param isMap whether `items` gives `[key, value]` pairs
 * @param items the first `limit` entries, or members
 * @internal
 */
export function makeInspectable<Self extends Inspected>(
  prototype: Self,
  isMap: boolean,
  items: (self: Self, limit: number) => Iterable<unknown>,
): void {
  Object.defineProperty(prototype, custom, {
    value(this: Self, depth: number | null, options?: InspectOptions, inspect?: Inspect) {
      return textOf(this, isMap, (limit) => items(this, limit), depth, options, inspect);
    },
    writable: true,
    configurable: true,
  });
}

/**
 * @param self may contain itself
 * @param depth as `util.inspect` passes it: less than 0 if no room is left, null for all room
 * @param inspect undefined in engines that do not pass it
 */
function textOf(
  self: Inspected,
  isMap: boolean,
  items: (limit: number) => Iterable<unknown>,
  depth: number | null,
  options: InspectOptions = {},
  inspect?: Inspect,
): string {
  const name = self[Symbol.toStringTag];
  let count: number;
  try {
    count = self.size;
  } catch {
    return `${name} { <closed> }`;
  }
  if (active.has(self)) return "[Circular]";
  if ((depth !== null && depth < 0) || inspect === undefined) return `[${name}(${count})]`;
  // As in Map's text, without the class around it.
  const shown: unknown[] = [];
  let failed = false;
  const limit = Math.min(most, Math.max(0, options.maxArrayLength ?? most));
  try {
    for (const item of items(limit)) shown.push(item);
  } catch {
    failed = true;
  }
  const within = { ...options, depth: depth === null ? null : depth - 1 };
  const parts: string[] = [];
  active.add(self);
  try {
    for (const item of shown) {
      const [key, value] = isMap ? (item as [unknown, unknown]) : [item];
      const text = inspect(key, within);
      parts.push(isMap ? `${text} => ${inspect(value, within)}` : text);
    }
  } finally {
    active.delete(self);
  }
  if (failed) parts.push("<unreadable>");
  else if (count > shown.length) {
    const more = count - shown.length;
    parts.push(`... ${more} more item${more === 1 ? "" : "s"}`);
  }
  if (parts.length === 0) return `${name}(${count}) {}`;
  const line = `${name}(${count}) { ${parts.join(", ")} }`;
  if (line.length <= 76 && !line.includes("\n")) return line;
  return `${name}(${count}) {\n  ${parts.map((part) => part.replaceAll("\n", "\n  ")).join(",\n  ")}\n}`;
}
