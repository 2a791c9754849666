// The naive model: which participants could be looking at a block, by name. A block may be freed when
// none of those that were pinned at its retirement is in the same pinned section any more.
import { expect } from "vitest";
import type { DebugExports } from "../src/generated/debug-exports.ts";
import { createRegion, must, type Region } from "./module.ts";

interface Participant {
  address: number;
  depth: number;
  /** Which pinned section it is in, or was last in. */
  section: number;
  /** The first half of a pin that has not announced yet. */
  seen: bigint | undefined;
}

interface Block {
  bytes: number;
  holders: { participant: Participant; section: number }[];
}

/** A region and its model, moved in step. Every method but the last does nothing where it may not. */
export class Model {
  readonly region: Region;
  readonly waiting: Map<number, Block> = new Map();
  readonly #module: DebugExports;
  readonly #participants: (Participant | undefined)[];
  #sections = 0;

  constructor(participants: number, startAt: bigint) {
    this.region = createRegion((_participant, block, bytes) => this.#onFree(block, bytes));
    this.#module = this.region.module;
    this.#module.startAt(startAt);
    this.#participants = Array.from({ length: participants }, () => undefined);
    for (let who = 0; who < participants; who++) this.join(who);
  }

  addressOf(who: number): number {
    return this.#participants[who]?.address ?? 0;
  }

  join(who: number): void {
    if (this.#participants[who] !== undefined) return;
    const address = must(this.#module.register());
    this.#participants[who] = { address, depth: 0, section: 0, seen: undefined };
  }

  leave(who: number): void {
    const participant = this.#participants[who];
    if (participant === undefined) return;
    participant.depth = 0;
    this.#module.leave(participant.address);
    this.#module.unregister(participant.address);
    this.#participants[who] = undefined;
  }

  pin(who: number): void {
    const participant = this.#participants[who];
    if (participant === undefined || participant.seen !== undefined) return;
    this.#module.pin(participant.address);
    if (participant.depth++ === 0) participant.section = ++this.#sections;
  }

  /** The first half of an outermost pin: the thread then stalls, and does nothing but the second. */
  beginPin(who: number): void {
    const participant = this.#participants[who];
    if (participant === undefined || participant.depth > 0) return;
    participant.seen ??= this.#module.globalEpoch();
  }

  finishPin(who: number): void {
    const participant = this.#participants[who];
    if (participant?.seen === undefined) return;
    this.#module.finishPin(participant.address, participant.seen);
    participant.seen = undefined;
    participant.depth = 1;
    participant.section = ++this.#sections;
  }

  unpin(who: number): void {
    const participant = this.#participants[who];
    if (participant === undefined || participant.depth === 0) return;
    participant.depth--;
    this.#module.unpin(participant.address);
  }

  retire(who: number, bytes: number): void {
    const participant = this.#participants[who];
    if (participant === undefined || participant.seen !== undefined) return;
    const block = must(this.#module.allocate(participant.address, bytes));
    const holders = this.#participants
      .filter((other) => other !== undefined && other.depth > 0)
      .map((other) => ({ participant: other!, section: other!.section }));
    this.waiting.set(block, { bytes, holders });
    this.#module.retire(participant.address, block, bytes);
  }

  collect(who: number): void {
    const participant = this.#participants[who];
    if (participant === undefined || participant.seen !== undefined) return;
    this.#module.collect(participant.address);
  }

  advance(): void {
    this.#module.tryAdvance();
  }

  /** What must hold after every step. */
  check(): void {
    expect(this.#module.verifyEpochs()).toBe(0);
    expect(this.#module.retiredBlocks()).toBe(this.waiting.size);
    const bytes = [...this.waiting.values()].reduce((sum, block) => sum + block.bytes, 0);
    expect(this.#module.retiredBytes()).toBe(bytes);
  }

  /** Everybody unpins; then what is left must go, and the memory must be whole. */
  end(): void {
    for (let who = 0; who < this.#participants.length; who++) {
      this.finishPin(who);
      while ((this.#participants[who]?.depth ?? 0) > 0) this.unpin(who);
    }
    for (let who = 0; who < this.#participants.length; who++) {
      const participant = this.#participants[who];
      if (participant !== undefined) expect(this.#module.drain(participant.address)).toBe(1);
    }
    // Only someone who is there can free what was left behind.
    this.join(0);
    expect(this.#module.drain(this.#participants[0]!.address)).toBe(1);
    for (let who = 0; who < this.#participants.length; who++) this.leave(who);
    this.check();
    expect(this.waiting.size).toBe(0);
    expect(this.#module.liveBlocks()).toBe(0);
    expect(this.#module.verifyMemory()).toBe(0);
  }

  #onFree(address: number, bytes: number): void {
    const block = this.waiting.get(address);
    expect(block, `block ${address} was freed without being retired`).toBeDefined();
    expect(bytes).toBe(block!.bytes);
    for (const { participant, section } of block!.holders) {
      const holds = participant.depth > 0 && participant.section === section;
      expect(holds, `block ${address} was freed while it may be held`).toBe(false);
    }
    this.waiting.delete(address);
  }
}
