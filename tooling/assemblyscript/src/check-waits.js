// Finds waits that would make a sleeping thread lose a local under the baseline compiler of V8 11.3
// (Node 20). For a memory.atomic.wait32 or wait64, that compiler stores the upper half of the address,
// which is 0, into the stack slot of the value below the operands. That value may be a local. A constant
// is safe, because it has no slot. @masstree/nodeversion's assembly/wait.ts shows how to write a wait.
//
//   i32.const 131328      <- this has to be a constant
//   local.get 0           address  \
//   local.get 1           expected  } the operands, found by reading backwards from the wait
//   local.get 2           timeout  /
//   memory.atomic.wait32
import { Reader, sectionId, sectionsOf } from "./binary.js";
import { atomicPrefix, functionsOf, instructions, opcode } from "./instructions.js";

const operands = 3;

const isWait = (code) => code === opcode(atomicPrefix, 1) || code === opcode(atomicPrefix, 2);
const isConstant = (code) => code >= 0x41 && code <= 0x44;

// Instructions with one result, grouped by how many values they take, as ranges [first, last] of opcodes.
const takes = [
  [
    [0x23, 0x23],
    [0x20, 0x20],
    [0x41, 0x44],
    [0x3f, 0x3f],
  ],
  [
    ...[
      [0x22, 0x22],
      [0x28, 0x35],
      [0x45, 0x45],
      [0x50, 0x50],
      [0x67, 0x69],
      [0x79, 0x7b],
    ],
    ...[
      [0x8b, 0x91],
      [0x99, 0x9f],
      [0xa7, 0xc4],
    ],
    [opcode(atomicPrefix, 0x10), opcode(atomicPrefix, 0x16)],
  ],
  [
    [0x46, 0x4f],
    [0x51, 0x66],
    [0x6a, 0x78],
    [0x7c, 0x8a],
    [0x92, 0x98],
    [0xa0, 0xa6],
  ],
  [[0x1b, 0x1b]],
];

const noResult = 0x40;
const [block, loop, branch, end] = [0x02, 0x03, 0x04, 0x0b];

/** How many values an instruction takes if it has one result; -1 for other instructions. */
function arity(code) {
  return takes.findIndex((ranges) => ranges.some(([from, to]) => code >= from && code <= to));
}

/** The index at which the block starts whose `end` is at `index`. */
function startOf(body, index) {
  let depth = 0;
  for (let at = index; at >= 0; at--) {
    const { code } = body[at];
    if (code === end) depth++;
    else if (code >= block && code <= branch && --depth === 0) return at;
  }
  return -1;
}

/** The index of the first instruction that computes the value on the stack before `index`; -1 if unknown. */
function startOfValue(body, index) {
  let missing = 1;
  let at = index;
  while (missing > 0) {
    at--;
    if (at < 0) return -1;
    const { code } = body[at];
    if (code === end) {
      at = startOf(body, at);
      if (at < 0 || body[at].code === loop || body[at].type === noResult) return -1;
      missing += body[at].code === branch ? 0 : -1;
    } else {
      const taken = arity(code);
      if (taken < 0) return -1;
      missing += taken - 1;
    }
  }
  return at;
}

/** Whether the value below the operands of the instruction that follows the body is a constant. */
function endsOnConstant(body) {
  let at = body.length;
  for (let operand = 0; operand < operands; operand++) {
    at = startOfValue(body, at);
    if (at < 0) return false;
  }
  return at > 0 && isConstant(body[at - 1].code);
}

/** How many waits in a module would overwrite a local, or might, because the code is not understood. */
export function unsafeWaits(binary) {
  let unsafe = 0;
  for (const section of sectionsOf(binary)) {
    if (section.id !== sectionId.code) continue;
    for (const { start, end } of functionsOf(binary, section)) {
      const body = [];
      for (const { code, start: first } of instructions(new Reader(binary, start, end))) {
        if (isWait(code) && !endsOnConstant(body)) unsafe++;
        body.push({ code, type: binary[first + 1] });
      }
    }
  }
  return unsafe;
}
