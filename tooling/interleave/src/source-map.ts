// Source lines of instructions. In a WebAssembly source map every mapping is on line 0, and its
// column is the offset of the instruction in the module.
//
//   mappings: segments split by ',': VLQs of (offset, source, line, column), each as a difference

/** Tells the source line of an offset in the module. */
export interface SourceMap {
  /**
   * `file:line` of the instruction at `offset`. Where the compiler gave it none, that of the nearest
   * instruction before it, or else behind it, in the same function, whose code is [start, end).
   */
  lineAt(offset: number, start: number, end: number): string | undefined;
  /** `file:line` of all lines that code was made of. */
  lines(): Set<string>;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const digitValues = new Map([...digits].map((digit, value) => [digit, value]));

/** Reads a source map, as the compiler writes it next to the module. */
export function parseSourceMap(json: string): SourceMap {
  const { mappings, sources } = JSON.parse(json) as { mappings: string; sources: string[] };
  const offsets: number[] = [];
  const places: (readonly [source: number, line: number] | undefined)[] = [];
  let offset = 0;
  let source = 0;
  let line = 0;
  for (const segment of mappings.split(/[,;]/)) {
    if (segment === "") continue;
    const fields = decodeFields(segment);
    offset += fields[0] ?? 0;
    source += fields[1] ?? 0;
    line += fields[2] ?? 0;
    offsets.push(offset);
    places.push(fields.length >= 4 ? [source, line + 1] : undefined);
  }
  return {
    lines: () =>
      new Set(places.flatMap((place) => (place ? [`${sources[place[0]]}:${place[1]}`] : []))),
    lineAt(wanted, start, end) {
      let low = 0;
      let high = offsets.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (offsets[middle]! <= wanted) low = middle + 1;
        else high = middle;
      }
      let found = low - 1;
      while (found >= 0 && places[found] === undefined && offsets[found]! >= start) found--;
      if (found < 0 || places[found] === undefined || offsets[found]! < start) {
        found = low;
        while (found < places.length && places[found] === undefined) found++;
        if (found === places.length || offsets[found]! >= end) return undefined;
      }
      const [file, row] = places[found]!;
      return `${sources[file]}:${row}`;
    },
  };
}

function decodeFields(segment: string): number[] {
  const fields: number[] = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = digitValues.get(character);
    if (digit === undefined) throw new Error(`'${character}' in a source map`);
    value |= (digit & 31) << shift;
    if ((digit & 32) !== 0) {
      shift += 5;
    } else {
      fields.push((value & 1) === 0 ? value >>> 1 : -(value >>> 1));
      value = 0;
      shift = 0;
    }
  }
  return fields;
}
