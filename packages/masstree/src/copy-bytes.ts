import { byteView } from "@masstree/key";

/** Up to this many bytes, a loop is faster than creating a view and copying through it. */
const shortBytes = 64;

/**
 * Copies source[start..end) to target[at..]. If the source belongs to the caller, runs no code of
 * it.
 */
export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  if (end - start > shortBytes) {
    target.set(byteView(source, start, end), at);
  } else {
    for (let i = start; i < end; i++) target[at + i - start] = source[i]!;
  }
}
