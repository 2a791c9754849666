// Values that are compressed if they are long. The first byte says how the others were written:
//
//   0  as they are      1  deflate, RFC 1951      2  Brotli, RFC 7932
import { MassTreeUnsupportedError } from "@masstree/errors";
import { nodeBuiltin } from "@masstree/errors/node-builtin";
import { badOption, readOptions } from "@masstree/errors/options";
import { byteView } from "@masstree/key";
import { staged, unstage } from "./stage.ts";
import {
  checkCodec,
  codecName,
  type ValueCodec,
  type ValueCodecName,
  type ValueName,
  type ValueTypes,
} from "./value-codec.ts";
import { Values } from "./values.ts";

/** Options of `compressed`. */
export interface CompressedOptions {
  /**
   * Values of at least this many bytes are compressed, unless that makes them longer. A whole number
   * from 0 up. Default 1024.
   */
  from?: number | undefined;
  /**
   * `"deflate"`, the default, takes less time; `"brotli"` gives fewer bytes.
   */
  method?: "deflate" | "brotli" | undefined;
  /**
   * How hard to try: 0 to 9 for deflate (default 6), 0 to 11 for Brotli (default 4; 11 takes a hundred
   * times as long).
   */
  level?: number | undefined;
}

interface Zlib {
  deflateRawSync(bytes: Uint8Array, options: object): Uint8Array;
  inflateRawSync(bytes: Uint8Array): Uint8Array;
  brotliCompressSync(bytes: Uint8Array, options: object): Uint8Array;
  brotliDecompressSync(bytes: Uint8Array): Uint8Array;
  constants: { BROTLI_PARAM_QUALITY: number };
}

const PLAIN = 0;
const DEFLATE = 1;
const BROTLI = 2;

/** For messages: the greatest level of each method, and the default. */
const levels = { deflate: [9, 6], brotli: [11, 4] } as const;

/**
 * A codec that compresses what another codec writes, with node:zlib, for values of a few KB and more.
 * A long value then takes less memory, and more time: measure with your values. Each value is
 * compressed by itself, so many short ones that resemble each other gain nothing.
 *
 * It is synchronous, as the map is, and needs node:zlib: browsers only have `CompressionStream`, which
 * is not.
 *
 * @param codec the name of a codec, or one of your own
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) if there is no node:zlib;
 *   MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 *
 * @example
 * ```ts
 * const pages = new MassTree({ value: compressed("utf8") });
 * pages.set("/", "<p>Hello</p>".repeat(1000));
 * pages.get("/")?.length; // => 12000
 * pages.stats().liveBytes < 12000; // => true
 * ```
 */
export function compressed<const Name extends ValueCodecName>(
  codec: Name,
  options?: CompressedOptions,
): ValueCodec<ValueTypes[Name]>;
export function compressed<V>(codec: ValueCodec<V>, options?: CompressedOptions): ValueCodec<V>;
export function compressed<V>(
  codec: ValueCodecName | ValueCodec<V>,
  options: CompressedOptions = {},
): ValueCodec<V> {
  const custom = checkCodec(codec, "codec") as ValueCodec<V> | undefined;
  const name: ValueName = custom === undefined ? (codec as ValueCodecName) : "custom";
  const {
    from = 1024,
    method = "deflate",
    level,
  } = readOptions(options, ["from", "method", "level"]);
  if (typeof from !== "number" || !(Number.isInteger(from) && from >= 0)) {
    throw badOption("from", "a whole number from 0 up", from);
  }
  if (method !== "deflate" && method !== "brotli") {
    throw badOption("method", '"deflate" or "brotli"', method);
  }
  const [most, usual] = levels[method];
  const chosen = level ?? usual;
  if (typeof chosen !== "number" || !Number.isInteger(chosen) || chosen < 0 || chosen > most) {
    throw badOption("level", `a whole number from 0 to ${most}`, chosen);
  }
  const zlib = requireZlib();
  const values = new Values<V>(name, custom);
  const shrink =
    method === "deflate"
      ? (bytes: Uint8Array) => zlib.deflateRawSync(bytes, { level: chosen })
      : (bytes: Uint8Array) =>
          zlib.brotliCompressSync(bytes, {
            params: { [zlib.constants.BROTLI_PARAM_QUALITY]: chosen },
          });
  const mark = method === "deflate" ? DEFLATE : BROTLI;

  const inner = custom === undefined ? name : codecName(custom);

  return {
    // Whatever the options: what one writes, the others read. Not if nobody knows what is compressed.
    name:
      inner === undefined
        ? undefined
        : `compressed(${custom === undefined ? inner : JSON.stringify(inner)})`,

    encode(value) {
      const length = values.stage(value);
      try {
        // It may be the caller's own array.
        const bytes = byteView(staged, 0, length);
        if (length >= from) {
          const short = shrink(bytes);
          if (short.length < length) return marked(mark, short);
        }
        return marked(PLAIN, bytes);
      } finally {
        unstage();
      }
    },

    decode(bytes) {
      const rest = bytes.subarray(1);
      const plain =
        bytes[0] === PLAIN
          ? rest
          : bytes[0] === DEFLATE
            ? zlib.inflateRawSync(rest)
            : zlib.brotliDecompressSync(rest);
      return values.read(plain, 0, plain.length);
    },
  };
}

function marked(mark: number, bytes: Uint8Array): Uint8Array {
  const all = new Uint8Array(1 + bytes.length);
  all[0] = mark;
  all.set(bytes, 1);
  return all;
}

function requireZlib(): Zlib {
  const zlib = nodeBuiltin<Zlib>("node:zlib");
  if (typeof zlib?.deflateRawSync === "function") return zlib;
  throw new MassTreeUnsupportedError(
    "Compressed values need node:zlib, which Node, Bun and Deno have. The CompressionStream of browsers is asynchronous, and a map is not.",
  );
}
