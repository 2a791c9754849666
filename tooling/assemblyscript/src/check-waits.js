// Refuses a module in which a thread that sleeps would lose a local under the baseline compiler of V8
// 11.3 (Node 20): it stores the upper half of the address of a memory.atomic.wait32 or wait64, which is
// 0, into the slot of whatever lies below the operands on its stack: that is a local, unless it is a
// constant, which has no slot. See @masstree/nodeversion's assembly/wait.ts for how to write it.
//
//   i32.const 131328      <- this has to be a constant
//   local.get 0           address  \
//   local.get 1           expected  } the operands: looked for backwards from the wait
//   local.get 2           timeout  /
//   memory.atomic.wait32
import {
  atomicPrefix,
  functionsOf,
  instructions,
  opcode,
  Reader,
  sectionsOf,
} from "./instructions.js";

const codeSection = 10;
const operands = 3;

const isWait = (code) => code === opcode(atomicPrefix, 1) || code === opcode(atomicPrefix, 2);
const isConstant = (code) => code >= 0x41 && code <= 0x44;

// Instructions with one result, by the number of values that they take: [first, last] of each range.
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

/** How many values an instruction with one result takes; -1 for any other. */
function arity(code) {
  return takes.findIndex((ranges) => ranges.some(([from, to]) => code >= from && code <= to));
}

/** Where the block starts whose `end` is at `index`. */
function startOf(body, index) {
  let depth = 0;
  for (let at = index; at >= 0; at--) {
    const { code } = body[at];
    if (code === end) depth++;
    else if (code >= block && code <= branch && --depth === 0) return at;
  }
  return -1;
}

/** The index of the first instruction of the value that is on the stack before `index`; -1 if unknown. */
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

/** Says whether the value below the operands of what comes after the body is a constant. */
function endsOnConstant(body) {
  let at = body.length;
  for (let operand = 0; operand < operands; operand++) {
    at = startOfValue(body, at);
    if (at < 0) return false;
  }
  return at > 0 && isConstant(body[at - 1].code);
}

/** How many waits of a module would overwrite a local, or may, because it cannot be told. */
export function unsafeWaits(binary) {
  let unsafe = 0;
  for (const section of sectionsOf(binary)) {
    if (section.id !== codeSection) continue;
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
