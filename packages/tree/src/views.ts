/**
 * One stretch of memory seen as every kind of number that a value word can be. Little-endian, as
 * WebAssembly is; so are all machines that run JavaScript engines.
 *
 * @internal
 */
export class Views {
  readonly bytes: Uint8Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  readonly u64: BigUint64Array;
  readonly i64: BigInt64Array;

  /**
   * @param offset in bytes, a multiple of 8
   * @param length in bytes, a multiple of 8
   */
  constructor(buffer: ArrayBufferLike, offset: number, length: number) {
    this.bytes = new Uint8Array(buffer, offset, length);
    this.u32 = new Uint32Array(buffer, offset, length >> 2);
    this.f64 = new Float64Array(buffer, offset, length >> 3);
    this.u64 = new BigUint64Array(buffer, offset, length >> 3);
    this.i64 = new BigInt64Array(buffer, offset, length >> 3);
  }
}
