// Walks the instructions of a function body: where each begins and ends, and what follows its
// opcode. Knows every instruction of WebAssembly 2.0 and of the threads proposal; refuses others.
import { type Access, atomicAccesses, Kind, plainAccesses, simdAccesses } from "./access.ts";
import type { Reader } from "./bytes.ts";

/** One decoded instruction. Reused from one to the next: copy what is to be kept. */
export interface Instruction {
  /** Position of the opcode in the module. */
  start: number;
  /** Position after the last byte. */
  end: number;
  /** Opcode byte, or 0xfc, 0xfd, 0xfe. */
  opcode: number;
  /** The number after a prefix; else 0. */
  sub: number;
  /** What it does to memory, if it does. */
  access: Access | undefined;
  /** The constant that is added to the address operand. */
  memoryOffset: number;
  /** The callee of `call`. */
  index: number;
}

const fill: Access = { kind: Kind.Fill, width: 0, value: 0 };
const copy: Access = { kind: Kind.Copy, width: 0, value: 0 };
const init: Access = { kind: Kind.Init, width: 0, value: 0 };
const fence: Access = { kind: Kind.Fence, width: 0, value: 0 };

export const Opcode = {
  Block: 0x02,
  Loop: 0x03,
  If: 0x04,
  End: 0x0b,
  Branch: 0x0c,
  Return: 0x0f,
  Call: 0x10,
  LocalGet: 0x20,
  LocalSet: 0x21,
  LocalTee: 0x22,
  MemorySize: 0x3f,
  MemoryGrow: 0x40,
  I32Const: 0x41,
  I32Add: 0x6a,
  I32WrapI64: 0xa7,
  I64Const: 0x42,
  I64ShiftRightUnsigned: 0x88,
} as const;

/** Decodes the instruction at the reader into `into`, and moves the reader past it. */
export function decode(reader: Reader, into: Instruction): void {
  into.start = reader.offset;
  const opcode = reader.byte();
  into.opcode = opcode;
  into.sub = 0;
  into.access = undefined;
  into.memoryOffset = 0;
  into.index = -1;
  if (opcode >= 0x28 && opcode <= 0x3e) {
    into.access = plainAccesses.get(opcode);
    memoryArgument(reader, into);
  } else if (opcode >= 0x45 && opcode <= 0xc4) {
    // numeric: nothing follows
  } else {
    switch (opcode) {
      case 0x00: // unreachable
      case 0x01: // nop
      case 0x05: // else
      case 0x0b: // end
      case 0x0f: // return
      case 0x1a: // drop
      case 0x1b: // select
      case 0xd1: // ref.is_null
        break;
      case 0x02: // block
      case 0x03: // loop
      case 0x04: // if
      case 0x0c: // br
      case 0x0d: // br_if
      case 0x20: // local.get
      case 0x21: // local.set
      case 0x22: // local.tee
      case 0x23: // global.get
      case 0x24: // global.set
      case 0x25: // table.get
      case 0x26: // table.set
      case 0x3f: // memory.size
      case 0x40: // memory.grow
      case 0x41: // i32.const
      case 0x42: // i64.const
      case 0xd0: // ref.null
        reader.skipNumber();
        break;
      case 0x10: // call
      case 0xd2: // ref.func
        into.index = reader.number();
        break;
      case 0x0e: // br_table
        for (let left = reader.number() + 1; left > 0; left--) reader.skipNumber();
        break;
      case 0x11: // call_indirect
        reader.skipNumber();
        reader.skipNumber();
        break;
      case 0x1c: // select with types
        for (let left = reader.number(); left > 0; left--) reader.byte();
        break;
      case 0x43: // f32.const
        reader.skip(4);
        break;
      case 0x44: // f64.const
        reader.skip(8);
        break;
      case 0xfc:
        decodeBulk(reader, into);
        break;
      case 0xfd:
        decodeSimd(reader, into);
        break;
      case 0xfe:
        decodeAtomic(reader, into);
        break;
      default:
        throw new Error(`unknown opcode 0x${opcode.toString(16)} at ${into.start}`);
    }
  }
  into.end = reader.offset;
}

function memoryArgument(reader: Reader, into: Instruction): void {
  const alignment = reader.number();
  if (alignment >= 0x20) throw new Error(`a memory index or order at ${into.start} is not known`);
  into.memoryOffset = reader.number();
}

function decodeBulk(reader: Reader, into: Instruction): void {
  const sub = reader.number();
  into.sub = sub;
  if (sub <= 7) return; // saturating truncation
  if (sub === 8) into.access = init;
  else if (sub === 10) into.access = copy;
  else if (sub === 11) into.access = fill;
  else if (sub > 17) throw new Error(`unknown opcode 0xfc ${sub} at ${into.start}`);
  // Two immediates for init and copy of memories and tables, one for the others.
  const immediates = sub === 8 || sub === 10 || sub === 12 || sub === 14 ? 2 : 1;
  for (let left = immediates; left > 0; left--) reader.skipNumber();
}

function decodeSimd(reader: Reader, into: Instruction): void {
  const sub = reader.number();
  into.sub = sub;
  into.access = simdAccesses.get(sub);
  if (into.access !== undefined) {
    memoryArgument(reader, into);
    if (sub >= 84 && sub <= 91) reader.byte(); // lane
  } else if (sub === 12 || sub === 13) {
    reader.skip(16); // v128.const, i8x16.shuffle
  } else if (sub >= 21 && sub <= 34) {
    reader.byte(); // lane
  } else if (sub > 275) {
    throw new Error(`unknown opcode 0xfd ${sub} at ${into.start}`);
  }
}

function decodeAtomic(reader: Reader, into: Instruction): void {
  const sub = reader.number();
  into.sub = sub;
  if (sub === 3) {
    into.access = fence;
    reader.byte();
    return;
  }
  into.access = atomicAccesses.get(sub);
  if (into.access === undefined) throw new Error(`unknown opcode 0xfe ${sub} at ${into.start}`);
  memoryArgument(reader, into);
}
