// The engine's encoder and decoder of UTF-8, created when first needed: importing this package must not
// fail where there are none, as in a test environment that leaves them out.
import { MassTreeUnsupportedError } from "@masstree/errors";
import { nodeBuiltin } from "@masstree/errors/node-builtin";

interface Coders {
  readonly TextEncoder?: typeof TextEncoder;
  readonly TextDecoder?: typeof TextDecoder;
}

// Named here, for programs whose types have neither the DOM's nor Node's.
interface Encoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
  encodeInto(text: string, target: Uint8Array): { read: number; written: number };
}
interface Decoder {
  decode(bytes: Uint8Array): string;
}

/** Node's `utf8Slice`: the text of bytes, in which U+FFFD stands for what is no UTF-8. */
type Slice = (this: Uint8Array, start: number, end: number) => string;

let encoder: Encoder | undefined;
let decoder: Decoder | undefined;
/** Null where there is none. */
let slice: Slice | null | undefined;
let shares: boolean | undefined;

/**
 * The engine's encoder; that of node:util if there is no global one.
 *
 * For the packages of this project.
 *
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) if there is none
 */
export function textEncoder(): Encoder {
  encoder ??= new (find("TextEncoder"))();
  return encoder;
}

/** The engine's decoder, which refuses what is not UTF-8. Otherwise like `textEncoder`. */
export function textDecoder(): Decoder {
  // A leading U+FEFF is part of the text.
  decoder ??= new (find("TextDecoder"))("utf-8", { fatal: true, ignoreBOM: true });
  return decoder;
}

/**
 * The text of UTF-8 bytes from `start` to `end`, which are not in shared memory. Where there is Node, with what its buffers
 * decode with, which needs no view of the bytes (docs/performance.md, 'Strings across the boundary').
 *
 * For the packages of this project.
 *
 * @throws TypeError if they are not UTF-8
 */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  if (slice === undefined) slice = findSlice();
  if (slice !== null) {
    const text = slice.call(bytes, start, end);
    // It may also be that character itself: the decoder knows.
    if (!text.includes("\ufffd")) return text;
  }
  return textDecoder().decode(bytes.subarray(start, end));
}

/** Null unless it does what it is used for. */
function findSlice(): Slice | null {
  const buffers = nodeBuiltin<{ Buffer?: { prototype: { utf8Slice?: Slice } } }>("node:buffer");
  const found = buffers?.Buffer?.prototype.utf8Slice;
  if (typeof found !== "function") return null;
  try {
    const text = found.call(Uint8Array.of(0x20, 0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0xff), 1, 7);
    return text === "\ufeff\u00e9\ufffd" ? found : null;
  } catch {
    return null;
  }
}

/**
 * Whether the engine's encoder writes to shared memory. Standards allow it; an engine that refuses is asked once, and
 * text then goes through private memory. The decoder is never given shared memory: engines read text twice.
 */
export function encodesToShared(): boolean {
  shares ??= triesShared(textEncoder());
  return shares;
}

function triesShared(encoder: Encoder): boolean {
  try {
    const target = new Uint8Array(new SharedArrayBuffer(1));
    return encoder.encodeInto("a", target).written === 1 && target[0] === 0x61;
  } catch {
    // It refuses, or there is no shared memory here.
    return false;
  }
}

function find<Name extends keyof Coders>(name: Name): NonNullable<Coders[Name]> {
  const found = (globalThis as Coders)[name] ?? nodeBuiltin<Coders>("node:util")?.[name];
  if (found !== undefined) return found as NonNullable<Coders[Name]>;
  throw new MassTreeUnsupportedError(
    `There is no ${name} here. Some test environments leave it out: set globalThis.${name}, or use an environment that has it.`,
  );
}
