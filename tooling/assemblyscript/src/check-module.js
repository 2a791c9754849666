// Refuses a module that would touch the shared memory by being instantiated, that asks its host for
// more than the memory, or whose sleeping threads would lose a local (check-waits.js). Walks the binary's sections:
//
//   "\0asm" | version: 4 bytes | (id: 1 byte | size: LEB128 | payload)*
import { unsafeWaits } from "./check-waits.js";

const importSection = 2;
const startSection = 8;
const dataSection = 11;

/** Throws with every reason there is against `binary`. */
export function checkModule(binary, allowedImports) {
  const problems = [];
  for (const { id, payload } of sections(binary)) {
    if (id === startSection) {
      problems.push("it has a start function: keep code out of the top level of a file");
    } else if (id === dataSection && payload.number() > 0) {
      problems.push("it has data segments: use no strings, static arrays or classes with a header");
    } else if (id === importSection) {
      for (const name of imports(payload)) {
        if (name !== "env.memory" && !allowedImports.includes(name)) {
          problems.push(`it imports ${name}: list it under 'imports' if that is meant`);
        }
      }
    }
  }
  if (unsafeWaits(binary) > 0) {
    problems.push(
      "a memory.atomic.wait in it has no constant below its operands: wait as @masstree/nodeversion does",
    );
  }
  if (problems.length > 0) throw new Error(`refused, for ${problems.join("; and ")}`);
}

function* sections(binary) {
  const cursor = new Cursor(binary, 8);
  while (!cursor.done) {
    const id = cursor.byte();
    const size = cursor.number();
    yield { id, payload: new Cursor(cursor.bytes(size), 0) };
  }
}

// The four kinds of import that a module of these features can have.
const skipDescription = [
  (cursor) => cursor.number(),
  (cursor) => {
    cursor.byte();
    skipLimits(cursor);
  },
  skipLimits,
  (cursor) => cursor.bytes(2),
];

function* imports(cursor) {
  for (let left = cursor.number(); left > 0; left--) {
    const module = cursor.text();
    const name = cursor.text();
    const skip = skipDescription[cursor.byte()];
    if (skip === undefined) throw new Error(`${module}.${name} is an unknown kind of import`);
    skip(cursor);
    yield `${module}.${name}`;
  }
}

function skipLimits(cursor) {
  const hasMaximum = (cursor.byte() & 1) !== 0;
  cursor.number();
  if (hasMaximum) cursor.number();
}

class Cursor {
  constructor(data, offset) {
    this.data = data;
    this.offset = offset;
  }

  get done() {
    return this.offset >= this.data.length;
  }

  byte() {
    if (this.done) throw new Error("the module is cut short");
    return this.data[this.offset++];
  }

  bytes(length) {
    const start = this.offset;
    this.offset += length;
    if (this.offset > this.data.length) throw new Error("the module is cut short");
    return this.data.subarray(start, this.offset);
  }

  number() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  text() {
    return new TextDecoder().decode(this.bytes(this.number()));
  }
}
