// Reads a WebAssembly binary: its numbers and names, and where its sections are.
//
//   "\0asm" | version: 4 bytes | (id: 1 byte | size: LEB128 | payload)*

/** Ids of the sections that somebody here looks into. */
export const sectionId = {
  type: 1,
  import: 2,
  function: 3,
  global: 6,
  export: 7,
  start: 8,
  code: 10,
  data: 11,
  dataCount: 12,
};

/** A reader over a module's bytes. */
export class Reader {
  constructor(data, offset = 0, end = data.length) {
    this.data = data;
    this.offset = offset;
    this.end = end;
  }

  get done() {
    return this.offset >= this.end;
  }

  byte() {
    if (this.done) throw new Error("the module is cut short");
    return this.data[this.offset++];
  }

  skip(length) {
    this.offset += length;
    if (this.offset > this.end) throw new Error("the module is cut short");
  }

  bytes(length) {
    const start = this.offset;
    this.skip(length);
    return this.data.subarray(start, this.offset);
  }

  text() {
    return new TextDecoder().decode(this.bytes(this.number()));
  }

  /** An unsigned LEB128 number. */
  number() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** A signed LEB128 number. */
  signed() {
    let value = 0n;
    for (let bits = 7; ; bits += 7) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << BigInt(bits - 7);
      if (byte < 128) return BigInt.asIntN(bits, value);
    }
  }

  /** Skips a LEB128 number of any sign and size. */
  skipNumber() {
    while (this.byte() >= 128);
  }

  numbers(count) {
    for (let i = 0; i < count; i++) this.skipNumber();
  }
}

/** The module's sections: id, first byte of the payload, and the byte after its last. */
export function* sectionsOf(binary) {
  const reader = new Reader(binary, 8);
  while (!reader.done) {
    const id = reader.byte();
    const size = reader.number();
    const start = reader.offset;
    reader.skip(size);
    yield { id, start, end: reader.offset };
  }
}
