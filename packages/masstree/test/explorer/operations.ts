// Calls on a tree whose value words are short payloads or addresses of boxes.
//
// A value is a number, as in the plain programs; its payload is that number and a dot, again and again, up
// to a length that the number chooses. So a payload that is torn, or another's, is no value that the key
// ever had.
import type { Machine, MapInput, MapOutput } from "@tooling/interleave/catalog";
import {
  always,
  compare,
  full,
  ifAbsent,
  ifPresent,
  scan,
  scratchOf,
  type TreeOperation,
} from "../../../tree/test/explorer/operations.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

/** Where a payload lies in the result scratch on its way in or out. */
const payloadAt = 64;

/** Where `compareIn` of assembly/boxed.ts finds the payload to compare with, and the one to set. */
const comparedAt = [32768, 40960];

/** What `copyOut` and `readBox` answer when there is no value. */
const absent = 0xffff_ffff;

/**
 * The payload of a value. Odd ones fit in the value word; of the others there are boxes of two sizes that
 * are copied word by word, and of one that is copied by one instruction.
 */
export function payloadOf(value: bigint): string {
  const text = `${value}.`;
  if (value % 2n === 1n) return text;
  const length = value % 8n === 0n ? 140 : value % 8n === 4n ? 40 : 12;
  return text.repeat(length).slice(0, length);
}

/** Whether a value has a box. */
export function hasBox(value: bigint): boolean {
  return value % 2n === 0n;
}

/** The value of a payload, or the payload itself when it is none's. */
function readPayload(payload: string): string {
  const [, digits] = /^(\d+)\./.exec(payload) ?? [];
  if (digits !== undefined && payloadOf(BigInt(digits)) === payload) return digits;
  return `a torn payload '${payload}'`;
}

/** Bytes of the region as text. The decoder refuses shared memory: a copy. */
function textAt({ region }: Machine, at: number, length: number): string {
  return decoder.decode(region.bytes.slice(at, at + length));
}

function keyed(
  call: string,
  input: MapInput,
  after: (result: number, machine: Machine, thread: number) => MapOutput,
  payload?: string,
  condition = always,
): TreeOperation {
  const { key, does, value } = input;
  const bytes = encoder.encode(key);
  const filled = payload === undefined ? undefined : encoder.encode(payload);
  const usual = {
    get: "copyOut",
    set: "copyIn",
    remove: "remove",
    replace: "swapIn",
    insert: "swapIn",
    compare: "compareIn",
    add: "copyIn",
  }[does];
  const name = value === undefined ? `${does} ${key}` : `${does} ${key}=${value}`;
  return {
    name: call === usual ? name : `${name} by ${call}`,
    call,
    args: filled === undefined ? [bytes.length] : [bytes.length, filled.length, condition],
    input,
    before(machine, thread) {
      const scratch = scratchOf(machine, thread);
      machine.region.write(scratch.key, bytes);
      if (filled !== undefined) machine.region.write(scratch.result + payloadAt, filled);
    },
    after: (machine, result, thread) => after(Number(result), machine, thread),
  };
}

/** Reads a value by `copyOut`, or by `readBox`. */
export function getBoxed(key: string, call: "copyOut" | "readBox" = "copyOut"): TreeOperation {
  return keyed(call, { key, does: "get" }, (result, machine, thread) => {
    const length = result >>> 0;
    if (length === absent) return { value: undefined };
    const at = scratchOf(machine, thread).result + payloadAt;
    return { value: readPayload(textAt(machine, at, Math.min(length, 256))) };
  });
}

/** Stores a value by `copyIn`; or by `fillBox`, for one that has a box. */
export function setBoxed(
  key: string,
  value: bigint,
  call: "copyIn" | "fillBox" = "copyIn",
): TreeOperation {
  return keyed(
    call,
    { key, does: "set", value: value.toString() },
    (outcome) =>
      outcome === full
        ? { value: undefined, failed: true }
        : { value: undefined, existed: outcome === 1 },
    payloadOf(value),
  );
}

const conditions: Readonly<Record<"replace" | "set" | "insert", number>> = {
  replace: ifPresent,
  set: always,
  insert: ifAbsent,
};

/**
 * Writes a value, and reads the one that was there while pinned; by `swapBox`, one that has a box. Replaces one, or
 * sets in any case, or inserts.
 */
export function swapBoxed(
  does: keyof typeof conditions,
  key: string,
  value: bigint,
  call: "swapIn" | "swapBox" = "swapIn",
): TreeOperation {
  return keyed(
    call,
    { key, does, value: value.toString() },
    (length, machine, thread) => {
      if (length === -2) return { value: undefined, failed: true };
      if (length === -1) return { value: undefined };
      const at = scratchOf(machine, thread).result + payloadAt;
      return { value: readPayload(textAt(machine, at, Math.min(length, 256))) };
    },
    payloadOf(value),
    conditions[does],
  );
}

/** Removes a key, and reads its value while pinned. */
export function takeBoxed(key: string): TreeOperation {
  return keyed("takeOut", { key, does: "remove" }, (length, machine, thread) => {
    if (length === -1) return { value: undefined };
    const at = scratchOf(machine, thread).result + payloadAt;
    return { value: readPayload(textAt(machine, at, Math.min(length, 256))) };
  });
}

export function removeBoxed(key: string): TreeOperation {
  return keyed("remove", { key, does: "remove" }, (removed) => ({
    value: undefined,
    existed: removed === 1,
  }));
}

/** Sets a key if its value is the expected one; removes it if there is none to set. */
export function compareBoxed(key: string, expected: bigint, next?: bigint): TreeOperation {
  const plain = compare(key, expected, next);
  const payloads = [expected, ...(next === undefined ? [] : [next])].map((value) =>
    encoder.encode(payloadOf(value)),
  );
  const bytes = encoder.encode(key);
  return {
    ...plain,
    call: next === undefined ? "compareOut" : "compareIn",
    args: [bytes.length, ...payloads.map(({ length }) => length)],
    before(machine, thread) {
      const scratch = scratchOf(machine, thread);
      machine.region.write(scratch.key, bytes);
      for (const [index, payload] of payloads.entries()) {
        machine.region.write(scratch.result + comparedAt[index]!, payload);
      }
    },
  };
}

/** The value of what `scanBoxes` gives in place of a word: where the copy of the payload is, and its length. */
function readCopy(machine: Machine, thread: number, word: bigint): string {
  const at = scratchOf(machine, thread).result + payloadAt + Number(word & 0xffff_ffffn);
  return readPayload(textAt(machine, at, Math.min(Number(word >> 32n), 256)));
}

/** The same call on a tree with boxes. */
export function boxed(operation: TreeOperation): TreeOperation {
  const { input, scans } = operation;
  if (scans !== undefined) return scan(scans, "scanBoxes", readCopy);
  const plain = ["get", "findMany", "put", "putMany", "remove", "removeEqual"];
  if (input === undefined || !plain.includes(operation.call)) return operation;
  const { key, does, value, expected } = input;
  if (does === "compare") {
    return compareBoxed(key, BigInt(expected!), value === undefined ? undefined : BigInt(value));
  }
  // Only numbers in words can be added to.
  if (does === "set" || does === "add") return setBoxed(key, BigInt(value!));
  if (does === "replace" || does === "insert") return swapBoxed(does, key, BigInt(value!));
  return does === "get" ? getBoxed(key) : removeBoxed(key);
}
