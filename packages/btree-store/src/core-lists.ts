import { byteView } from "@masstree/key";
import type { Run } from "./bits.ts";

/** Up to this many bytes, a loop is faster than creating a view and copying through it. */
const SHORT_BYTES = 64;

/** Copies source[start..end) to target[at..], without running code of a caller whose array it is. */
export function copyFrom(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  if (end - start > SHORT_BYTES) {
    target.set(byteView(source, start, end), at);
  } else {
    for (let i = start; i < end; i++) target[at + i - start] = source[i]!;
  }
}

/** Takes the runs off a list of the region. */
export function drainList(u32: Uint32Array, listAt: number, countAt: number): Run[] {
  const at = u32[listAt]! / 4;
  const count = u32[countAt]!;
  const runs: Run[] = [];
  for (let i = 0; i < count; i++) {
    runs.push({ first: u32[at + 2 * i]!, pages: u32[at + 2 * i + 1]! });
  }
  u32[countAt] = 0;
  return runs;
}
