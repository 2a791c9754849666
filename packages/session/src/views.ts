/**
 * Views of one stretch of memory, one for each type of number that a value word can be.
 * Little-endian, like WebAssembly and all machines that run JavaScript engines.
 */
export class Views {
  /** The bytes. An index of the others is a byte offset divided by the size of their elements. */
  readonly bytes: Uint8Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  readonly u64: BigUint64Array;
  readonly i64: BigInt64Array;

  /**
   * @param offset in bytes, a multiple of 8
   * @param length in bytes, a multiple of 8, up to 2^32
   */
  constructor(buffer: ArrayBufferLike, offset: number, length: number) {
    this.bytes = new Uint8Array(buffer, offset, length);
    // Divided, not shifted: shifts are of 32 bits with a sign, and a memory has up to 2^32 bytes.
    this.u32 = new Uint32Array(buffer, offset, length / 4);
    this.f64 = new Float64Array(buffer, offset, length / 8);
    this.u64 = new BigUint64Array(buffer, offset, length / 8);
    this.i64 = new BigInt64Array(buffer, offset, length / 8);
  }
}
