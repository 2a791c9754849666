// Sets of pages: a bit for each page, 32 in a word, the lowest first. What is beyond the array is not in the set.

/** Consecutive pages. */
export interface Run {
  readonly first: number;
  readonly pages: number;
}

/** How many pages some runs have. */
export function countPages(runs: readonly Run[]): number {
  return runs.reduce((sum, { pages }) => sum + pages, 0);
}

export function hasBit(bits: Uint32Array, page: number): boolean {
  return (((bits[page >>> 5] ?? 0) >>> (page & 31)) & 1) !== 0;
}

export function setBit(bits: Uint32Array, page: number): void {
  bits[page >>> 5]! |= 1 << (page & 31);
}

export function clearBit(bits: Uint32Array, page: number): void {
  bits[page >>> 5]! &= ~(1 << (page & 31));
}

/** Adds the pages of a run, for which there is room. */
export function setRun(bits: Uint32Array, { first, pages }: Run): void {
  for (let i = 0; i < pages; i++) setBit(bits, first + i);
}

/** The page behind the last one of a set that has page 0, and no page from `end` on. */
export function endOf(bits: Uint32Array, end: number): number {
  let word = Math.ceil(end / 32) - 1;
  while (word > 0 && bits[word] === 0) word--;
  return 32 * word + 32 - Math.clz32(bits[word]!);
}

export function countBits(words: Uint32Array): number {
  let count = 0;
  for (let word of words) {
    // SWAR: Warren, Hacker's Delight, 5-1.
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return count;
}

/** The runs that are in `older` and not in `newer`. */
export function difference(older: Uint32Array, newer: Uint32Array): Run[] {
  const runs: { first: number; pages: number }[] = [];
  for (let word = 0; word < older.length; word++) {
    const bits = older[word]! & ~(newer[word] ?? 0);
    if (bits === 0) continue;
    for (let bit = 0; bit < 32; bit++) {
      if (((bits >>> bit) & 1) === 0) continue;
      const page = 32 * word + bit;
      const last = runs.at(-1);
      if (last !== undefined && last.first + last.pages === page) last.pages++;
      else runs.push({ first: page, pages: 1 });
    }
  }
  return runs;
}
