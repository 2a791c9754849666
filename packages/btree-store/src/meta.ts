/*
 * The meta pages: docs/design.md, 'Meta pages'.
 *
 *   0   magic      8 bytes     32  pages    u32     48  time  f64     124  crc  u32
 *   8   version    u32         36  catalog  u32     56  used  u32
 *   12  pageBytes  u32         40  map      u32
 *   16  identity   8 bytes     44  levels   u32
 *   24  commit     u64
 */

/** The version of the file format. */
const FORMAT_VERSION = 1;
/** The sizes that pages may have. */
export const PAGE_SIZES: readonly number[] = [4096, 8192, 16384, 32768, 65536];
/** Bytes of a record. */
export const RECORD_BYTES = 128;
const CRC_AT = 124;
/** The ASCII characters mtstore1. */
const MAGIC = [0x6d, 0x74, 0x73, 0x74, 0x6f, 0x72, 0x65, 0x31];

/** One whole state of a store. Never changed. */
export interface State {
  /** The number of the commit that made it. */
  readonly commit: number;
  /** All its pages have smaller numbers. */
  readonly pages: number;
  /** Root page of the catalog; 0: no buckets. */
  readonly catalog: number;
  /** Root page of the space map; 0: nothing is in use. */
  readonly map: number;
  /** Levels of index pages above the map pages. */
  readonly mapLevels: number;
  /** When the commit was made, in milliseconds since 1970. */
  readonly time: number;
  /** How many pages it uses, the two meta pages included. */
  readonly used: number;
}

/** What both meta pages of a file have in common. */
export interface Identity {
  readonly pageBytes: number;
  /** 8 bytes, drawn when the file was created. */
  readonly identity: Uint8Array;
}

/** A valid record of a meta page. */
export interface Meta extends Identity {
  readonly state: State;
  /** Which meta page: 0 or 1. */
  readonly slot: number;
}

/** The state of a new file. */
export const emptyState: State = {
  commit: 0,
  pages: 2,
  catalog: 0,
  map: 0,
  mapLevels: 0,
  time: 0,
  used: 2,
};

/** Where the two records of a meta page begin. */
export function recordPositions(pageBytes: number, slot: number): [number, number] {
  return [slot * pageBytes, slot * pageBytes + pageBytes / 2];
}

/** A meta page as bytes: the record, twice. */
export function encodeMeta(identity: Identity, state: State): Uint8Array {
  const page = new Uint8Array(identity.pageBytes);
  const record = encodeRecord(identity, state);
  for (const position of recordPositions(page.length, 0)) page.set(record, position);
  return page;
}

function encodeRecord({ pageBytes, identity }: Identity, state: State): Uint8Array {
  const bytes = new Uint8Array(RECORD_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC, 0);
  view.setUint32(8, FORMAT_VERSION, true);
  view.setUint32(12, pageBytes, true);
  bytes.set(identity, 16);
  view.setBigUint64(24, BigInt(state.commit), true);
  view.setUint32(32, state.pages, true);
  view.setUint32(36, state.catalog, true);
  view.setUint32(40, state.map, true);
  view.setUint32(44, state.mapLevels, true);
  view.setFloat64(48, state.time, true);
  view.setUint32(56, state.used, true);
  view.setUint32(CRC_AT, crc32c(bytes.subarray(0, CRC_AT)), true);
  return bytes;
}

/**
 * Reads a record.
 *
 * @param bytes RECORD_BYTES of them
 * @param pageBytes the size of pages for which the record would be where it is
 * @returns undefined if it is none, or damaged; its version if that is another
 */
export function decodeRecord(
  bytes: Uint8Array,
  pageBytes: number,
  slot: number,
): Meta | number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, RECORD_BYTES);
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) return undefined;
  if (view.getUint32(CRC_AT, true) !== crc32c(bytes.subarray(0, CRC_AT))) return undefined;
  const version = view.getUint32(8, true);
  if (version !== FORMAT_VERSION) return version;
  if (view.getUint32(12, true) !== pageBytes) return undefined;
  const state: State = {
    commit: Number(view.getBigUint64(24, true)),
    pages: view.getUint32(32, true),
    catalog: view.getUint32(36, true),
    map: view.getUint32(40, true),
    mapLevels: view.getUint32(44, true),
    time: view.getFloat64(48, true),
    used: view.getUint32(56, true),
  };
  return { pageBytes, identity: bytes.slice(16, 24), state, slot };
}

/**
 * CRC32C of a few bytes, a bit at a time: for the records, which are read before there is any memory for the tables of
 * assembly/crc32c.ts.
 */
export function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0x82f63b78 & -(crc & 1));
  }
  return ~crc >>> 0;
}
