// How should compiled modules be embedded in JavaScript? Encodes the two modules of MassTree in several ways, and
// prints how many bytes each takes, plain and compressed, and how long a fresh process needs to decode the first
// (infinitely, if the engine lacks what it takes).
//
//   node apps/benchmarks/scripts/compare-encodings.mjs [runs]
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const modules = ["boxed-15", "boxed-24"].map((name) =>
  readFileSync(new URL(`../../../packages/masstree/build/${name}.wasm`, import.meta.url)),
);

/** Bytes that need no escape in a string, for all but two of the characters that stand for themselves. */
const plain = [...Array(0x5d).keys()]
  .map((index) => String.fromCharCode(0x20 + index))
  .filter((character) => character !== '"' && character !== "\\");

/** Text of a module, and the body of a function that decodes it if it is a literal of JavaScript. */
const encodings = {
  base64: {
    encode: (bytes) => bytes.toString("base64"),
    decode: `const binary = atob(text);
      const bytes = new Uint8Array(binary.length);
      for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
      return bytes;`,
  },
  "base64, by the engine": {
    encode: (bytes) => bytes.toString("base64"),
    decode: "return Uint8Array.fromBase64(text);",
  },
  hexadecimal: {
    encode: (bytes) => bytes.toString("hex"),
    decode: `if (text.length % 2 !== 0 || /[^\\da-fA-F]/.test(text)) throw new Error();
      const bytes = new Uint8Array(text.length / 2);
      for (let i = 0; i < text.length; i++) {
        const character = text.charCodeAt(i);
        bytes[i >> 1] = (bytes[i >> 1] << 4) | ((character & 15) + (character >> 6) * 9);
      }
      return bytes;`,
  },
  "hexadecimal, by the engine": {
    encode: (bytes) => bytes.toString("hex"),
    decode: `if (text.length % 2 !== 0 || /[^\\da-fA-F]/.test(text)) throw new Error();
      return Uint8Array.fromHex(text);`,
  },
  "one character per byte": {
    encode: (bytes) => literal(bytes.toString("latin1")),
    decode: `const bytes = new Uint8Array(text.length);
      for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
      return bytes;`,
  },
  "the same, escaped to ASCII": {
    encode: (bytes) => toAscii(literal(bytes.toString("latin1"))),
  },
  "one or two printable characters": {
    encode: (bytes) => [...bytes].map(printable).join(""),
    decode: `const bytes = new Uint8Array(text.length);
      let length = 0;
      let add = 0;
      for (let i = 0; i < text.length; i++) {
        const character = text.charCodeAt(i);
        if (character >= 125) add = (character - 124) * 91;
        else {
          bytes[length++] = add + character - 32 - (character > 34) - (character > 92);
          add = 0;
        }
      }
      return bytes.subarray(0, length);`,
  },
  "functions in turn, base64": { join: interleaved, encode: (bytes) => bytes.toString("base64") },
  "functions in turn, hexadecimal": { join: interleaved, encode: (bytes) => bytes.toString("hex") },
  "one and a delta, base64": { join: withDelta, encode: (bytes) => bytes.toString("base64") },
  "one and a delta, hexadecimal": { join: withDelta, encode: (bytes) => bytes.toString("hex") },
};

const runs = Number(process.argv[2] ?? 21);
const rows = Object.entries(encodings).map(([name, { join = (all) => all, encode, decode }]) => {
  const text = join(modules)
    .map((bytes, index) => `const wasm${index} = "${encode(bytes)}";`)
    .join("\n");
  return {
    text: name,
    bytes: Buffer.byteLength(text),
    brotli: brotliCompressSync(text).length,
    "brotli 5": brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
      .length,
    gzip: gzipSync(text, { level: 9 }).length,
    "decode, ms": decode === undefined ? undefined : decodingTime(encode(modules[0]), decode),
  };
});
console.table(rows);

/** Both modules together, compressed by Brotli, if the second one's code is moved by a few bytes. */
const shifts = [0, 1, 2].map((shift) => {
  const [first, second] = modules;
  const skipped = Buffer.from([0, 2 + shift, 1, 0x78, ...Array(shift).fill(0)]);
  const moved = Buffer.concat([second.subarray(0, 8), skipped, second.subarray(8)]);
  const size = (encoding) =>
    brotliCompressSync(`"${first.toString(encoding)}","${moved.toString(encoding)}"`).length;
  return { "moved by": shift + 4, base64: size("base64"), hexadecimal: size("hex") };
});
console.table(shifts);

function decodingTime(text, decode) {
  const times = Array.from({ length: runs }, () => {
    const program = `const text = "${text}";
      const decode = (text) => { ${decode} };
      const start = performance.now();
      const bytes = decode(text);
      const time = performance.now() - start;
      new WebAssembly.Module(bytes);
      console.log(time);`;
    const { stdout } = spawnSync(process.execPath, ["-"], { input: program, encoding: "utf8" });
    return Number(stdout || Infinity);
  });
  return Number(times.sort((a, b) => a - b)[runs >> 1].toFixed(2));
}

/** What a literal needs: everything but these may stand for itself. */
function literal(text) {
  const escaped = /[\n\r"\\]|\0(?=\d)/g;
  return text
    .replace(escaped, (character) => `\\x${hexadecimal(character.charCodeAt(0))}`)
    .replaceAll("\0", "\\0");
}

/** What esbuild writes for such a literal, unless it is told to write UTF-8. */
function toAscii(text) {
  const escaped = /[^ -~]/g;
  return text.replace(escaped, (character) => `\\x${hexadecimal(character.charCodeAt(0))}`);
}

function hexadecimal(byte) {
  return byte.toString(16).padStart(2, "0");
}

/** The 91 lowest bytes as a character, the others as one of two others and a character. */
function printable(byte) {
  const lead = ["", "}", "~"][Math.floor(byte / plain.length)];
  return lead + plain[byte % plain.length];
}

/** The functions of both modules by turns, so that equal ones are next to each other. */
function interleaved(all) {
  const [a, b] = all.map(parts);
  const longest = Math.max(a.length, b.length);
  const pairs = Array.from({ length: longest }, (_, index) => [a[index] ?? [], b[index] ?? []]);
  return [Buffer.concat(pairs.flat().map((part) => Buffer.from(part)))];
}

/** What is before the functions of a module, each of them, and what is behind them. */
function parts(bytes) {
  let position = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[position++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const skip = () => {
    const length = number();
    position += length;
  };
  while (bytes[position++] !== 10) skip();
  number();
  const ends = Array.from({ length: number() }, () => {
    const start = position;
    skip();
    return [start, position];
  });
  const functions = ends.map(([start, end]) => bytes.subarray(start, end));
  return [bytes.subarray(0, ends[0][0]), ...functions, bytes.subarray(position)];
}

/** The first module, and how to copy the second from its parts. */
function withDelta([base, target]) {
  const shortest = 6;
  const places = new Map();
  const at = (bytes, index) => bytes.toString("latin1", index, index + shortest);
  for (let i = 0; i + shortest <= base.length; i++) {
    const known = places.get(at(base, i));
    if (known === undefined) places.set(at(base, i), [i]);
    else known.push(i);
  }
  const out = [];
  const number = (value) => {
    let rest = value >>> 0;
    for (; rest > 127; rest >>>= 7) out.push((rest & 127) | 128);
    out.push(rest);
  };
  let other = [];
  const flush = () => {
    number(other.length);
    out.push(...other);
    other = [];
  };
  let position = 0;
  for (let i = 0; i < target.length; ) {
    const expected = position + other.length;
    // Going on where the last copy ended costs the least.
    const candidates = [expected, ...(places.get(at(target, i)) ?? [])].map((from) => {
      let length = 0;
      while (length < target.length - i && base[from + length] === target[i + length]) length++;
      const gain = from === expected ? length + 2 : length - shortest + 3;
      return { from, length, gain };
    });
    const best = candidates.reduce((one, another) => (another.gain > one.gain ? another : one));
    if (best.length < 3) other.push(target[i++]);
    else {
      flush();
      number(((best.from - expected) << 1) ^ ((best.from - expected) >> 31));
      number(best.length);
      position = best.from + best.length;
      i += best.length;
    }
  }
  flush();
  return [base, Buffer.from(out)];
}
