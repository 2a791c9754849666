// What console.log shows of a map or a set.

/** What Node, Bun and Deno look for. It is registered, so that nothing has to be imported. */
export const inspectCustom: symbol = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");

/** What `util.inspect` passes along. */
export interface InspectOptions {
  readonly maxArrayLength?: number | null | undefined;
}

/** `util.inspect`, as it is passed along. */
export type Inspect = (value: unknown, options: object) => string;

/** At most this many, whatever the options: the map may hold millions, and others may be writing to it. */
const most = 100;

/**
 * A readable text: the kind, the size, and the first entries, as for a `Map`. Reads at most 100 of them,
 * or as many as `maxArrayLength` says. Never throws: what cannot be read is left out.
 *
 * @param self the map or set, which may contain itself
 * @param name of the class
 * @param size how many entries there are
 * @param items opens an iterator of entries, or of members
 * @param depth as `util.inspect` passes it: less than 0 if no room is left, null for all room
 * @param inspect undefined in engines that do not pass it
 * @internal
 */
export function inspectItems(
  self: object,
  name: string,
  size: () => number,
  items: (limit: number) => Iterable<unknown>,
  depth: number | null,
  options: InspectOptions = {},
  inspect?: Inspect,
): string {
  let count: number;
  try {
    count = size();
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
      parts.push(
        item instanceof Entry
          ? `${inspect(item.key, within)} => ${inspect(item.value, within)}`
          : inspect(item, within),
      );
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

/** Those that are being shown. */
const active = /* @__PURE__ */ new WeakSet<object>();

/** An entry, for `inspectItems`: it is no array, as a key of two members may be. @internal */
export class Entry {
  readonly key: unknown;
  readonly value: unknown;

  constructor(key: unknown, value: unknown) {
    this.key = key;
    this.value = value;
  }
}
