// A thread that dies: a module that stops for good before its n-th write to memory.
//
//   global.get $writesLeft    i32.eqz    if  unreachable  end
//   global.get $writesLeft    i32.const 1    i32.sub    global.set $writesLeft
//   i32.store ...
//
// goes in front of every instruction that changes memory. `writesLeft` is a global of the instance, which
// it exports: set it to n, and the call traps before its write n (from 0), with everything that it
// wrote until then in memory, and nothing after: as if the thread had been terminated there. What it
// would have read before that write makes no difference to anyone. A negative number never gets to 0.
import { Reader, sectionId, sectionsOf } from "./binary.js";
import {
  atomicPrefix,
  bulkPrefix,
  functionsOf,
  instructions,
  opcode,
  simdPrefix,
} from "./instructions.js";

const i32 = 0x7f;

/** Says whether an instruction changes memory, or how much of it there is. */
function writes(code) {
  if (code >= 0x36 && code <= 0x3e) return true; // stores
  if (code === 0x40) return true; // memory.grow
  if (code === opcode(bulkPrefix, 10) || code === opcode(bulkPrefix, 11)) return true; // copy, fill
  if (code === opcode(simdPrefix, 11)) return true; // v128.store
  // Atomic stores and read-modify-writes; the loads are 0x10 to 0x16.
  return code >= opcode(atomicPrefix, 0x17);
}

/**
 * @param {Uint8Array} binary a module
 * @returns {Uint8Array} the same, with the global `writesLeft` (i32, -1 at first)
 */
export function mortal(binary) {
  const out = [...binary.subarray(0, 8)];
  const counter = countGlobals(binary);
  let hasGlobals = false;
  for (const section of sectionsOf(binary)) {
    // Global comes before export and code; a module without any gets one.
    if (section.id > sectionId.global && section.id !== sectionId.dataCount && !hasGlobals) {
      pushSection(out, sectionId.global, [1, ...newGlobal]);
      hasGlobals = true;
    }
    let payload = [...binary.subarray(section.start, section.end)];
    if (section.id === sectionId.global) {
      payload = withOneMore(payload, newGlobal);
      hasGlobals = true;
    } else if (section.id === sectionId.export) {
      const name = new TextEncoder().encode("writesLeft");
      payload = withOneMore(payload, [name.length, ...name, 3, ...leb(counter)]);
    } else if (section.id === sectionId.code) {
      payload = withChecks(binary, section, counter);
    }
    pushSection(out, section.id, payload);
  }
  return Uint8Array.from(out);
}

const newGlobal = [i32, 1, 0x41, 0x7f, 0x0b];

function leb(number) {
  const bytes = [];
  for (let left = number; ; left >>>= 7) {
    bytes.push(left < 128 ? left : (left & 127) | 128);
    if (left < 128) return bytes;
  }
}

function pushSection(out, id, payload) {
  out.push(id, ...leb(payload.length));
  for (const byte of payload) out.push(byte);
}

function countGlobals(binary) {
  const section = [...sectionsOf(binary)].find(({ id }) => id === sectionId.global);
  return section === undefined ? 0 : new Reader(binary, section.start).number();
}

function withOneMore(payload, entry) {
  const reader = new Reader(payload);
  const count = reader.number();
  return [...leb(count + 1), ...payload.slice(reader.offset), ...entry];
}

function withChecks(binary, section, counter) {
  const index = leb(counter);
  const get = [0x23, ...index];
  const check = [...get, 0x45, 0x04, 0x40, 0x00, 0x0b, ...get, 0x41, 1, 0x6b, 0x24, ...index];
  const payload = leb(new Reader(binary, section.start).number());
  for (const { head, start, end } of functionsOf(binary, section)) {
    const body = [...binary.subarray(head, start)];
    for (const instruction of instructions(new Reader(binary, start, end))) {
      if (writes(instruction.code)) body.push(...check);
      body.push(...binary.subarray(instruction.start, instruction.end));
    }
    payload.push(...leb(body.length));
    for (const byte of body) payload.push(byte);
  }
  return payload;
}
