// Reads WebAssembly's instructions, as far as telling where each ends: for looking at a module's code,
// or putting more of it between.
//
// Knows the features that flags.js enables: the first version of WebAssembly, bulk memory, threads, SIMD.

import { Reader } from "./binary.js";

/** Prefix bytes: what follows is the rest of the opcode, as a LEB128 number. */
export const bulkPrefix = 0xfc;
export const simdPrefix = 0xfd;
export const atomicPrefix = 0xfe;

/** The opcodes of this file are numbers: a prefix shifted by 12 bits, or 0, plus the opcode. */
export const opcode = (prefix, code) => prefix * 4096 + code;

/**
 * The instructions from the reader's place to its end: opcode, first byte and the byte after the last.
 * @param {Reader} reader
 */
export function* instructions(reader) {
  while (!reader.done) {
    const start = reader.offset;
    const first = reader.byte();
    const prefixed = first >= bulkPrefix && first <= atomicPrefix;
    const code = prefixed ? opcode(first, reader.number()) : first;
    skipImmediates(reader, first, code);
    yield { code, start, end: reader.offset };
  }
}

function skipImmediates(reader, first, code) {
  if (first === bulkPrefix) skipBulk(reader, code - opcode(first, 0));
  else if (first === simdPrefix) skipSimd(reader, code - opcode(first, 0));
  else if (first === atomicPrefix) skipAtomic(reader, code - opcode(first, 0));
  else if (first <= 0x44) skipBasic(reader, first);
  else if (first > 0xc4) throw new Error(`unknown instruction ${first}`);
}

function skipBasic(reader, code) {
  if (code >= 0x28 && code <= 0x3e)
    reader.numbers(2); // loads and stores
  else if (code >= 0x20 && code <= 0x26)
    reader.numbers(1); // locals, globals, tables
  else if (code >= 0x02 && code <= 0x04)
    reader.numbers(1); // block, loop, if
  else if (code === 0x0c || code === 0x0d || code === 0x10)
    reader.numbers(1); // br, br_if, call
  else if (code === 0x0e)
    reader.numbers(reader.number() + 1); // br_table
  else if (code === 0x11)
    reader.numbers(2); // call_indirect
  else if (code === 0x1c)
    reader.numbers(reader.number()); // select with types
  else if (code >= 0x3f && code <= 0x42)
    reader.numbers(1); // memory.size, memory.grow, consts
  else if (code === 0x43) reader.skip(4);
  else if (code === 0x44) reader.skip(8);
}

function skipBulk(reader, code) {
  if (code === 8 || code === 10 || code === 12 || code === 14) reader.numbers(2);
  else if (code === 9 || code === 11 || code === 13 || code > 14) reader.numbers(1);
}

function skipAtomic(reader, code) {
  if (code === 3)
    reader.skip(1); // fence
  else reader.numbers(2);
}

function skipSimd(reader, code) {
  if (code <= 11 || code === 92 || code === 93) reader.numbers(2);
  else if (code <= 13) reader.skip(16);
  else if (code >= 21 && code <= 34) reader.skip(1);
  else if (code >= 84 && code <= 91) {
    reader.numbers(2);
    reader.skip(1);
  }
}

/** The functions of a code section: where each's size is, its instructions start, and it ends. */
export function* functionsOf(binary, { start, end }) {
  const reader = new Reader(binary, start, end);
  for (let left = reader.number(); left > 0; left--) {
    const size = reader.number();
    const head = reader.offset;
    for (let groups = reader.number(); groups > 0; groups--) reader.numbers(2);
    yield { head, start: reader.offset, end: head + size };
    reader.offset = head + size;
  }
}
