// Reading and writing the binary format's numbers.
//
//   unsigned LEB128: 7 bits a byte, low first, bit 7 = more follow
//   signed LEB128:   the same, the last byte's bit 6 is the sign

/** A position in a module's bytes. */
export class Reader {
  readonly data: Uint8Array;
  offset: number;

  constructor(data: Uint8Array, offset = 0) {
    this.data = data;
    this.offset = offset;
  }

  byte(): number {
    const value = this.data[this.offset++];
    if (value === undefined) throw new Error("the module is cut short");
    return value;
  }

  /** An unsigned LEB128 of up to 32 bits. */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** Skips a LEB128 of either sign and any size. */
  skipNumber(): void {
    while (this.byte() >= 128);
  }

  skip(count: number): void {
    this.offset += count;
  }

  text(): string {
    const length = this.number();
    const start = this.offset;
    this.offset += length;
    return new TextDecoder().decode(this.data.subarray(start, this.offset));
  }
}

/** Bytes that grow. */
export class Writer {
  #data = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): this {
    this.#reserve(1);
    this.#data[this.#length++] = value;
    return this;
  }

  bytes(source: ArrayLike<number>): this {
    this.#reserve(source.length);
    this.#data.set(source, this.#length);
    this.#length += source.length;
    return this;
  }

  /** An unsigned LEB128. */
  number(value: number): this {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    return this.byte(rest);
  }

  /** A signed LEB128 of 32 bits. */
  signed(value: number): this {
    let rest = value | 0;
    for (;;) {
      const low = rest & 127;
      rest >>= 7;
      if ((rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0)) {
        return this.byte(low);
      }
      this.byte(low | 128);
    }
  }

  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.number(bytes.length).bytes(bytes);
  }

  finish(): Uint8Array {
    return this.#data.slice(0, this.#length);
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#data.length) return;
    const data = new Uint8Array(Math.max(this.#data.length * 2, this.#length + count));
    data.set(this.#data.subarray(0, this.#length));
    this.#data = data;
  }
}
