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

let encoder: Encoder | undefined;
let decoder: Decoder | undefined;
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
