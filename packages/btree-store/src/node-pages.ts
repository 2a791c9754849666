/*
 * Leaves and branches as JavaScript reads them, where speed does not matter: to check a file, to move and to drop a tree.
 * Written from docs/design.md, not from assembly/page.ts: so one checks the other.
 */
import { StoreCorruptError } from "./errors.ts";
import { WRONG_LEVEL } from "./generated/store-exports.ts";
import { corruptPage, type PageMemory } from "./page-memory.ts";

/** A key or a value that is in a chain, as a whole or with its rest. */
export interface ChainRef {
  readonly first: number;
  /** Bytes in the chain. */
  readonly length: number;
}

export interface Cell {
  /** The local bytes of the key. */
  readonly key: Uint8Array;
  /** The rest of the key. */
  readonly keyChain: ChainRef | undefined;
  /** Of a branch: the child to the right of the separator. */
  readonly child: number;
  /** Of a leaf: the local bytes of the value. */
  readonly value: Uint8Array;
  readonly valueChain: ChainRef | undefined;
}

export interface NodePage {
  readonly isLeaf: boolean;
  readonly level: number;
  /** Of a branch: the leftmost child. */
  readonly link: number;
  readonly cells: readonly Cell[];
}

/** The whole key of a cell. */
export function wholeKey(
  { key, keyChain }: Cell,
  readChain: (chain: ChainRef) => Uint8Array,
): Uint8Array {
  if (keyChain === undefined) return key;
  const rest = readChain(keyChain);
  const whole = new Uint8Array(key.length + rest.length);
  whole.set(key);
  whole.set(rest, key.length);
  return whole;
}

/**
 * Reads a page of a tree as the transaction sees it.
 *
 * @param level what it has to be; undefined for a root. Each child is a level lower than its parent: so a walk down ends,
 *   whatever the file has
 * @throws StoreCorruptError (`STORE_CORRUPT`)
 */
export function fetchNode(memory: PageMemory, number: number, level: number | undefined): NodePage {
  if (memory.open().exports.copyPage(number, memory.stageAddress()) === 0) throw memory.fault();
  // A copy: the stage is used for chains.
  const node = readNode(memory.stage(1).slice(), number);
  if (node.level !== (level ?? node.level)) throw corruptPage(WRONG_LEVEL, number);
  return node;
}

const nothing = /* @__PURE__ */ new Uint8Array(0);

/**
 * Reads a page. Its cells are views of it.
 *
 * @throws StoreCorruptError (`STORE_CORRUPT`) if it is no leaf and no branch, or its parts do not fit together
 */
export function readNode(bytes: Uint8Array, number: number): NodePage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const kind = view.getUint8(16);
  const level = view.getUint8(17);
  if (kind !== 1 && kind !== 2)
    throw new StoreCorruptError("A page of a tree is of another kind.", number);
  const isLeaf = kind === 1;
  const count = view.getUint16(18, true);
  if (isLeaf && count === 0) throw new StoreCorruptError("A leaf is empty.", number);
  const content = view.getUint32(20, true);
  const cells: Cell[] = [];
  let taken = 0;
  for (let i = 0; i < count; i++) {
    const start = view.getUint16(32 + 2 * i, true);
    let at = start;
    const child = isLeaf ? 0 : view.getUint32(at, true);
    if (!isLeaf) at += 4;
    const keyWord = view.getUint16(at, true);
    at += 2;
    const valueWord = isLeaf ? view.getUint16(at, true) : 0;
    if (isLeaf) at += 2;
    let keyChain: ChainRef | undefined;
    let valueChain: ChainRef | undefined;
    const local = keyWord & 0x7fff;
    if (keyWord & 0x8000) {
      keyChain = {
        length: view.getUint32(at, true) - local,
        first: view.getUint32(at + 4, true),
      };
      at += 8;
    }
    if (valueWord & 0x8000) {
      valueChain = { length: view.getUint32(at, true), first: view.getUint32(at + 4, true) };
      at += 8;
    }
    const key = bytes.subarray(at, at + local);
    at += local;
    const value = isLeaf ? bytes.subarray(at, at + (valueWord & 0x7fff)) : nothing;
    at += value.length;
    if (start < content || at > bytes.length) {
      throw new StoreCorruptError("A cell is not within its page.", number);
    }
    taken += at - start;
    cells.push({ key, keyChain, child, value, valueChain });
  }
  const loose = bytes.length - content - taken;
  if (loose !== view.getUint32(24, true) || loose < 0 || 32 + 2 * count > content) {
    throw new StoreCorruptError("The cells of a page do not add up.", number);
  }
  return { isLeaf, level, link: view.getUint32(28, true), cells };
}
