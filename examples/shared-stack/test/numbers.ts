// Numbers as bytes, eight each.

export function bytesOf(value: number): Uint8Array {
  return new Uint8Array(Float64Array.of(value).buffer);
}

/** The number that `bytes` are; undefined for undefined, which an empty stack gives. */
export function numberOf(bytes: Uint8Array): number;
export function numberOf(bytes: Uint8Array | undefined): number | undefined;
export function numberOf(bytes: Uint8Array | undefined): number | undefined {
  return bytes && new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
}
