// The same calls on an index whose values are in boxes: see masstree's operations for what a value's payload is.
import type { MapOutput } from "@tooling/interleave/catalog";
import { boxed, hasBox, payloadOf } from "../../../masstree/test/explorer/operations.ts";
import { scratchOf, type TreeOperation } from "../../../tree/test/explorer/operations.ts";
import { named } from "./operations.ts";

const encoder = new TextEncoder();

/** What `loadAll` answers if there is no memory: LOAD_FULL. */
const full = 1;

/** The same call on an index with boxes. */
export function inBoxes(operation: TreeOperation): TreeOperation {
  return named(operation.call === "loadAll" ? loadInBoxes(operation) : boxed(operation));
}

/** How many blocks the values of a call take. */
export function boxesOf({ call, input, inputs }: TreeOperation): number {
  const values = call === "loadAll" ? inputs! : call === "put" && input ? [input] : [];
  return values.filter(({ value }) => hasBox(BigInt(value!))).length;
}

/** Loads entries whose payloads follow their keys. */
function loadInBoxes(operation: TreeOperation): TreeOperation {
  const entries = operation.inputs!.map(({ key, value }) => [
    encoder.encode(key),
    encoder.encode(payloadOf(BigInt(value!))),
  ]) as [Uint8Array, Uint8Array][];
  return {
    ...operation,
    before(machine, thread) {
      const { region } = machine;
      let at = scratchOf(machine, thread).result + 64;
      for (const [key, payload] of entries) {
        const size = (16 + key.length + payload.length + 7) & ~7;
        region.writeWord(at, BigInt(key.length) | (BigInt(size) << 32n));
        region.writeWord(at + 8, BigInt(payload.length));
        region.write(at + 16, key);
        region.write(at + 16 + key.length, payload);
        at += size;
      }
    },
    after: (_machine, result): MapOutput | undefined =>
      Number(result) === full ? { value: undefined, failed: true } : undefined,
  };
}
