import { byteView } from "@masstree/key";

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
