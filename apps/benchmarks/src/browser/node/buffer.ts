// `Buffer`, as far as keys need it. Text that it decodes is one flat object, as in Node.

const encoder = new TextEncoder();
const decoders = { latin1: new TextDecoder("latin1"), utf8: new TextDecoder("utf-8") };

class Bytes extends Uint8Array<ArrayBufferLike> {
  /** Only ASCII is decoded as `latin1`, so that the browser's windows-1252 is no difference. */
  override toString(encoding: "latin1" | "utf8" = "utf8", start = 0, end = this.length): string {
    // A copy: decoders refuse shared memory.
    return decoders[encoding].decode(new Uint8Array(this.subarray(start, end)));
  }
}

export const Buffer = {
  /** The bytes of a text, or a view of memory. */
  from(source: string | ArrayBufferLike): Bytes {
    if (typeof source !== "string") return new Bytes(source);
    const { buffer, byteLength } = encoder.encode(source);
    return new Bytes(buffer, 0, byteLength);
  },

  compare(a: Uint8Array, b: Uint8Array): number {
    const shared = Math.min(a.length, b.length);
    for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i]! < b[i]! ? -1 : 1;
    return Math.sign(a.length - b.length);
  },
} as const;

export function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x80) return false;
  return true;
}

/** Whether bytes are UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(bytes));
    return true;
  } catch {
    // The decoder's only way to say no.
    return false;
  }
}
