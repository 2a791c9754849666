// The modules that the tests drive directly, below the JavaScript wrapper.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Exports } from "../src/exports.ts";

/** Builds of the package's AssemblyScript; the second checks preconditions and fills freed memory. */
export const builds = ["memory", "memory-debug"] as const;

export type Build = (typeof builds)[number];

type Constant =
  | "BAD"
  | "TOO_MANY"
  | "EPOCH_WORDS"
  | "TREE_WORDS"
  | "PARTICIPANTS"
  | "MAX_PARTICIPANTS"
  | "PARTICIPANT_NUMBER"
  | "PARTICIPANT_STATE"
  | "PARTICIPANT_EPOCH"
  | "PARTICIPANT_TREE"
  | "PARTICIPANT_LOG"
  | "PARTICIPANT_LOG_BYTES"
  | "KEY_SCRATCH"
  | "BOUND_SCRATCH"
  | "RESULT_SCRATCH"
  | "RESULT_SCRATCH_BYTES"
  | "IN_USE"
  | "UNUSED"
  | "HAND_CAPACITY";

export interface RawExports extends Exports, Record<Constant, WebAssembly.Global<"i32">> {
  realBytes(block: number, bytes: number): number;
  participantAt(index: number): number;
  participantLimit(): number;
  isTaken(index: number): number;
  ticketAt(index: number): number;
  setThread(mark: number): void;
  handCount(participant: number): number;
  handBlock(participant: number, index: number): number;
  handBytes(participant: number, index: number): number;
  isInHand(participant: number, block: number): number;
  letGo(participant: number, block: number): void;
  takeInHand(participant: number, block: number, bytes: number): void;
  freeHand(participant: number): void;
  markDead(participant: number): void;
  markDeadNumber(number: number): void;
  claimRecovery(dead: number, by: number): number;
  settleMemory(dead: number, by: number): void;
  recoverMemory(dead: number, by: number): void;
  recoverNumber(number: number, by: number): number;
  repairRegion(dead: number, by: number): void;
  readonly failAfter: WebAssembly.Global<"i32">;
}

/** Bytes of one of WebAssembly's pages. */
export const wasmPage = 65536;

export function compile(build: Build): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL(`../build/${build}.wasm`, import.meta.url)));
}

export function instantiate(build: Build, memory: WebAssembly.Memory): RawExports {
  return new WebAssembly.Instance(compile(build), { env: { memory } }).exports as RawExports &
    WebAssembly.Exports;
}

export interface Raw {
  memory: WebAssembly.Memory;
  region: RawExports;
}

/** A new region of `initial` wasm pages that may have `maximum`. */
export function newRegion(build: Build, initial: number, maximum: number): Raw {
  const memory = new WebAssembly.Memory({ initial, maximum, shared: true });
  const region = instantiate(build, memory);
  expect(region.createRegion(maximum)).toBe(region.OK.value);
  return { memory, region };
}

/** Registers, and insists that it worked. */
export function registered(region: RawExports): number {
  const participant = region.register() >>> 0;
  expect(participant).not.toBe(0);
  return participant;
}

/** Nothing is broken; with `live`, this is what is live. */
export function expectSound(
  region: RawExports,
  live?: { readonly blocks: number; readonly bytes: number },
): void {
  const code = region.verifyMemory();
  expect({ code, place: code && region.place.value >>> 0 }).toEqual({ code: 0, place: 0 });
  if (live === undefined) return;
  expect({ blocks: region.liveBlocks(), bytes: region.liveBytes() }).toEqual({ ...live });
}

export const nothing = { blocks: 0, bytes: 0 };
