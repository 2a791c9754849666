/*
 * One thread's use of one tree: a session (@masstree/session) over the tree's code, with additions
 * for maps.
 */
import { MassTreeCorruptError } from "@masstree/errors";
import { Session, type WasmModules, type Wording } from "@masstree/session";
import { createSharedMemory, type WasmMemory } from "@masstree/wasm";
import type { EntryBatch } from "./entry-batch.ts";
import type { EntryBuffer } from "./entry-buffer.ts";
import { DETAIL, type TreeExports, WORD_OUT } from "./exports.ts";
import { brokenInvariant, meanings } from "./invariants.ts";
import { OpenGuards } from "./open-guards.ts";
import type { Waiting } from "./waiting.ts";

/** What messages call a map. @internal */
export const wording: Wording = { noun: "map", limit: "maxBytes" };

/** The properties of a new region. */
export interface RegionPlan {
  /** Entries in a leaf. */
  readonly width: number;
  /** The kinds of key and value, as numbers of the region's header. */
  readonly keyNumber: number;
  readonly valueNumber: number;
  /** In pages of 64 KiB. */
  readonly initialPages: number;
  readonly maximumPages: number;
}

/**
 * One thread's use of one tree. `createMap` and `attachMap` open it; a class of maps works on it.
 */
export class TreeInstance<Exports extends TreeExports = TreeExports> extends Session<Exports> {
  /** The tree's width. */
  readonly width: number;
  /** What the codes of `verify` mean, in order from 1: the tree's own, unless the class of maps has others. @internal */
  invariants: readonly string[] = meanings;
  /** What the map waits for, if it ever has. @internal */
  waiting: Waiting | undefined = undefined;
  /** A buffer that no iterator is using. @internal */
  spare: EntryBuffer | undefined = undefined;
  /** A batch that no operation is writing to, if there ever was one. @internal */
  spareBatch: EntryBatch | undefined = undefined;
  /** The guards that this thread has made of the map. @internal */
  readonly guards: OpenGuards = new OpenGuards();

  /**
   * Creates a memory, lays out a region with an empty tree in it, and becomes its first
   * participant.
   *
   * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`), MassTreeFullError (`MASSTREE_FULL`)
   *   if not even an empty map fits in `maximumPages`
   */
  static create<Exports extends TreeExports>(
    modules: WasmModules,
    plan: RegionPlan,
  ): TreeInstance<Exports> {
    const { width, keyNumber, valueNumber, initialPages, maximumPages } = plan;
    const memory = createSharedMemory(initialPages, maximumPages);
    return new TreeInstance<Exports>(modules, memory, width, ({ create }) =>
      create(maximumPages, keyNumber, valueNumber),
    );
  }

  /**
   * Becomes a participant of an existing region.
   *
   * @param memory holds a region whose header was checked, of this width
   * @throws MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError
   *   (`MASSTREE_FULL`) if a new participant does not fit, MassTreeBadHandleError
   *   (`MASSTREE_BAD_HANDLE`) if the region does not hold a tree after all
   */
  static attach<Exports extends TreeExports>(
    modules: WasmModules,
    memory: WasmMemory,
    width: number,
  ): TreeInstance<Exports> {
    return new TreeInstance<Exports>(modules, memory, width);
  }

  private constructor(
    modules: WasmModules,
    memory: WasmMemory,
    width: number,
    layOut?: (exports: Exports) => number,
  ) {
    super(modules.get(width), memory, wording, layOut);
    this.width = width;
  }

  /** Gives the participant back. Does nothing the second time. */
  override close(): void {
    super.close();
    this.spare = undefined;
    this.spareBatch = undefined;
    this.waiting?.closed();
  }

  /**
   * Checks every invariant of the tree and its memory, after it has recovered all ended threads. No
   * thread may be using the map meanwhile.
   *
   * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`), whose `place` says where
   */
  verify(): void {
    this.recoverGone();
    const code = this.exports.verify();
    if (code === 0) return;
    const { u32, u64 } = this.result;
    throw new MassTreeCorruptError(brokenInvariant(this.invariants, code), {
      node: u32[WORD_OUT / 4]!,
      detail: u64[DETAIL / 8]!,
      detail2: u64[DETAIL / 8 + 1]!,
    });
  }
}
