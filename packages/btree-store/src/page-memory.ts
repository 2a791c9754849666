/*
 * The pages in memory: a region that threads share, the module that works on it, and what JavaScript needs of both.
 *
 * The module asks for pages of the file (`load`) and for free page numbers (`take`) in the middle of a call. These
 * functions must not throw: they note why a page could not be read, and the operation ends with a fault.
 *
 * A call that the engine interrupts (a full stack, a timeout of node:vm) is like the death of the thread: others recover
 * what its participant held, and the next call has another one. `generation` tells transactions that their pages are
 * gone, and `onRejoin` those that read that they have to say so again.
 */
import { memoryPages } from "@masstree/memory";
import { type HostImports, type ParticipantStats, Session } from "@masstree/session";
import {
  compileEmbedded,
  createSharedMemory,
  type WasmMemory,
  type WasmModule,
} from "@masstree/wasm";
import { StoreCorruptError, StoreTooLargeError } from "./errors.ts";
import { wasm } from "./generated/btree-store.ts";
import {
  BAD_CELLS,
  BAD_COMMIT,
  BAD_CRC,
  BAD_KIND,
  BAD_NUMBER,
  FAULT_CORRUPT,
  FAULT_READ,
  FRAMES_AT,
  PAGE_BYTES_AT,
  SHORT_CHAIN,
  STAGE_BYTES,
  type StoreExports,
  WRONG_LEVEL,
} from "./generated/store-exports.ts";
import type { PageFile } from "./page-file.ts";

let compiled: WasmModule | undefined;

const reasons: Readonly<Record<number, string>> = {
  [BAD_CRC]: "A page is damaged: its checksum is wrong.",
  [BAD_NUMBER]: "A page is damaged: it has the number of another page.",
  [BAD_COMMIT]: "A page is damaged: it is of a later commit than the state that leads to it.",
  [BAD_KIND]: "A page is damaged: it is of an unknown kind.",
  [BAD_CELLS]: "A page is damaged: its cells do not lie within it.",
  [WRONG_LEVEL]: "A page is not of the kind that belongs where it is.",
  [SHORT_CHAIN]: "A chain of pages ends too early.",
};

/** What is wrong with a page, as an error. */
export function corruptPage(how: number, page: number): StoreCorruptError {
  return new StoreCorruptError(reasons[how] ?? "A page leads to none.", page);
}

/** Options of a new region. */
export interface NewRegion {
  readonly pageBytes: number;
  /** How many bytes of clean pages may stay in memory. */
  readonly cacheBytes: number;
}

export class PageMemory {
  readonly pageBytes: number;
  /** Counts this thread's participants: another one than before means that what the former held is gone. */
  generation = 0;
  /** Called as there is another participant. */
  onRejoin: () => void = () => {};
  /** Takes a page that no state uses: the space map's `take`, once there is one. */
  takePage: () => number = () => 0;
  /** The file of this thread, once it is open. */
  file: PageFile | undefined;
  readonly #session: Session<StoreExports>;
  /** The exports of the session as they were: others after a call was interrupted. */
  #exports: StoreExports;
  #stage: number;
  /** Why the last page could not be read. */
  #readError: unknown;

  /**
   * @param from what a new region is like; or the memory of one, whose header was checked
   * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`); for a memory, what `Session` throws
   */
  constructor(from: NewRegion | WasmMemory) {
    compiled ??= compileEmbedded(wasm);
    const host: HostImports = {
      load: (number, address) => this.#load(number!, address!),
      take: () => this.#take(),
    };
    const wording = { noun: "store", limit: "cacheBytes" };
    if ("pageBytes" in from) {
      const { initialPages, maximumPages } = memoryPages({ initialBytes: 2 ** 21 });
      const limit = Math.max(256, Math.ceil(from.cacheBytes / from.pageBytes));
      this.#session = new Session<StoreExports>(
        compiled,
        createSharedMemory(initialPages, maximumPages),
        wording,
        ({ create }) => create(maximumPages, from.pageBytes, limit),
        host,
      );
    } else {
      this.#session = new Session<StoreExports>(compiled, from, wording, undefined, host);
    }
    this.#exports = this.#session.exports;
    this.#stage = this.#exports.stageAddress() >>> 0;
    this.pageBytes = this.#session.all.u32[PAGE_BYTES_AT]!;
  }

  /** The memory that other threads attach to. */
  get memory(): WasmMemory {
    return this.#session.memory;
  }

  /** Reads a page into the region, for the module: see above. */
  #load(number: number, address: number): number {
    const at = address >>> 0;
    try {
      const { bytes } = this.#session.reach(at + this.pageBytes);
      this.file!.read(bytes.subarray(at, at + this.pageBytes), number >>> 0);
      return 1;
    } catch (error) {
      this.#readError = error;
      return 0;
    }
  }

  /** Takes a page number, for the module; 0 if there is none. */
  #take(): number {
    try {
      return this.takePage();
    } catch {
      return 0;
    }
  }

  /**
   * The session: the first step of every operation, whose exports and scratch areas may be others than before.
   */
  open(): Session<StoreExports> {
    const session = this.#session;
    session.checkOpen();
    // Compared, because a timeout of node:vm runs no `catch`.
    return session.exports === this.#exports ? session : this.#rejoined();
  }

  #rejoined(): Session<StoreExports> {
    this.#exports = this.#session.exports;
    this.#stage = this.#exports.stageAddress() >>> 0;
    this.generation++;
    this.onRejoin();
    return this.#session;
  }

  /** The error for an operation that returned a fault. */
  fault(): Error {
    const { exports } = this.open();
    const page = exports.faultPage() >>> 0;
    switch (exports.fault()) {
      case FAULT_READ: {
        const cause = this.#readError;
        this.#readError = undefined;
        if (cause instanceof StoreCorruptError) return cause;
        return new StoreCorruptError("A page could not be read.", page, { cause });
      }
      case FAULT_CORRUPT:
        return corruptPage(exports.faultDetail(), page);
      default:
        return new StoreTooLargeError(
          "The transaction's pages do not fit in memory, so it was rolled back. Commit in smaller parts.",
        );
    }
  }

  /** How many pages fit in the stage. */
  get stagePages(): number {
    return STAGE_BYTES / this.pageBytes;
  }

  /** Address of the stage, STAGE_BYTES for pages on their way. Free between two calls of this class's users. */
  stageAddress(): number {
    this.open();
    return this.#stage;
  }

  /** The first pages of the stage as bytes. */
  stage(pages: number): Uint8Array {
    const session = this.open();
    const at = this.#stage;
    const end = at + pages * this.pageBytes;
    return session.reach(end).bytes.subarray(at, end);
  }

  /**
   * Reads pages of the file to the stage, past the table of frames, and checks them.
   *
   * @param pages 1 to `stagePages`
   * @param newest no page may be of a later commit
   * @throws StoreCorruptError (`STORE_CORRUPT`)
   */
  readToStage(first: number, pages: number, newest: number): Uint8Array {
    const bytes = this.stage(pages);
    this.file!.read(bytes, first);
    for (let i = 0; i < pages; i++) this.checkStaged(i, first + i, newest);
    return bytes;
  }

  /** Checks a page in the stage that was read from the file. @throws StoreCorruptError (`STORE_CORRUPT`) */
  checkStaged(index: number, page: number, newest: number): void {
    const at = this.stageAddress() + index * this.pageBytes;
    const how = this.open().exports.inspect(at, page, newest);
    if (how !== 0) throw corruptPage(how, page);
  }

  /** Gives the first pages of the stage their checksums, and writes them to the file. Throws as `PageFile.write`. */
  writeStage(first: number, pages: number): void {
    const { exports } = this.open();
    const at = this.stageAddress();
    for (let i = 0; i < pages; i++) exports.sealPage(at + i * this.pageBytes);
    this.file!.write(this.stage(pages), first);
  }

  /** How many pages are in memory. */
  get frames(): number {
    return this.open().all.u32[FRAMES_AT]!;
  }

  /** Who uses the region. Recovers first whoever can be seen to have ended. */
  participants(): ParticipantStats[] {
    return this.#session.participants();
  }

  /** Recovers threads that can be seen to have ended. May be called again and again. */
  lookForEnded(): void {
    this.#session.lookForEnded();
  }

  close(): void {
    this.#session.close();
  }
}

/** Headers of pages that JavaScript writes and reads: page.ts of the assembly has the layout. */
export interface PageHeader {
  readonly number: number;
  readonly commit: number;
  readonly kind: number;
  readonly level: number;
  readonly content: number;
  readonly link: number;
}

/** Reads the header of a page at an offset. */
export function readHeader(bytes: Uint8Array, at: number): PageHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 32);
  return {
    number: view.getUint32(4, true),
    commit: Number(view.getBigUint64(8, true)),
    kind: view.getUint8(16),
    level: view.getUint8(17),
    content: view.getUint32(20, true),
    link: view.getUint32(28, true),
  };
}

/** Writes the header of a page that is no leaf and no branch. Its checksum comes later. */
export function writeHeader(bytes: Uint8Array, at: number, header: PageHeader): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 32);
  view.setUint32(0, 0, true);
  view.setUint32(4, header.number, true);
  view.setBigUint64(8, BigInt(header.commit), true);
  view.setUint8(16, header.kind);
  view.setUint8(17, header.level);
  view.setUint16(18, 0, true);
  view.setUint32(20, header.content, true);
  view.setUint32(24, 0, true);
  view.setUint32(28, header.link, true);
}
