// What each cell of the memory, a word of 4 bytes, held at every moment of the present schedule.
//
// The writes to a cell are layers, the last one on top; each knows what was there right before it. So
// 'before step 7' names the contents of all cells at a moment. A layer may cover some bytes of its cell only.
export const cellShift = 2;
const cellBytes = 1 << cellShift;

/** A write, with what its thread knew of. */
export interface Write {
  readonly thread: number;
  readonly clock: number;
  /** The word, if it is atomic, and its number in the order of the atomics; 0 and -1 otherwise. */
  readonly word: number;
  readonly number: number;
  /** By thread, its last step that was before this write. */
  readonly known: Int32Array;
}

/** A write of some bytes of a cell. */
export interface Layer {
  readonly write: Write;
  readonly bytes: number;
  /** What the cell held right before. */
  readonly contents: number;
  readonly below: Layer | undefined;
  /** Whether all writes below were before this one. */
  readonly isOrdered: boolean;
}

/** Whether an earlier step's write was before that of a later one. */
export function isBeforeWrite(earlier: Write, later: Write): boolean {
  return earlier.thread === later.thread || earlier.clock <= later.known[earlier.thread]!;
}

/** The last write of a byte before a step; undefined if none was in this schedule. */
export function sourceOf(top: Layer | undefined, bit: number, time: number): Write | undefined {
  let layer = top;
  while (layer !== undefined && (layer.write.clock >= time || (layer.bytes & bit) === 0)) {
    layer = layer.below;
  }
  return layer?.write;
}

/** The first layer of a step or later ones: it knows what the cell held before that step. */
export function layerAt(top: Layer | undefined, time: number): Layer | undefined {
  let oldest: Layer | undefined;
  for (let layer = top; layer !== undefined && layer.write.clock >= time; layer = layer.below) {
    oldest = layer;
  }
  return oldest;
}

export function cellsOf(address: number, width: number): number[] {
  const first = address >>> cellShift;
  const last = (address + width - 1) >>> cellShift;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Which bytes of a cell are among `width` at an address, as bits. */
export function bytesIn(cell: number, address: number, width: number): number {
  const start = Math.max(address - cell * cellBytes, 0);
  const end = Math.min(address + width - cell * cellBytes, cellBytes);
  return ((1 << end) - 1) & ~((1 << start) - 1);
}

/** By bits for bytes: the same bytes of a word. */
export const masks: readonly number[] = Array.from({ length: 1 << cellBytes }, (_, bytes) => {
  let mask = 0;
  for (let byte = 0; byte < cellBytes; byte++) {
    if ((bytes & (1 << byte)) !== 0) mask |= 0xff << (8 * byte);
  }
  return mask;
});
