// Turns other programs' logs into lines of the trace format.
//
// - `ycsb`: what YCSB's `basic` binding prints for each operation, such as `READ usertable user42 [ <all fields>]`.
// - `redis`: what `redis-cli MONITOR` prints, such as `1339518083.107412 [0 127.0.0.1:60866] "get" "user:42"`.
import { formatLine, type TraceLine } from "./format.ts";

export const traceSources = ["ycsb", "redis"] as const;
export type TraceSource = (typeof traceSources)[number];

/** What a line of a log means: operations, or why it has none. */
export type Converted = { readonly lines: string[] } | { readonly skipped: string };

export function convertLine(source: TraceSource, line: string): Converted {
  return source === "ycsb" ? fromYcsb(line) : fromRedis(line);
}

const ycsbWords: Readonly<Record<string, TraceLine["word"]>> = {
  READ: "get",
  INSERT: "set",
  UPDATE: "set",
  DELETE: "delete",
  SCAN: "scan",
};

function fromYcsb(line: string): Converted {
  const [, name = "", key = "", count] = /^([A-Z]+) \S+ (\S+)(?: (\d+))?(?: |$)/.exec(line) ?? [];
  const word = ycsbWords[name];
  if (word === undefined) return { skipped: "no operation" };
  if (word !== "scan") return { lines: [formatLine({ word, key, count: 0 })] };
  const entries = Number(count ?? 0);
  if (!(entries > 0)) return { skipped: "SCAN without a count" };
  return { lines: [formatLine({ word, key, count: entries })] };
}

/** How a command names its keys: the first argument, all of them, or every other one. */
const redisCommands: Readonly<
  Record<string, readonly [TraceLine["word"], "first" | "all" | "pairs"]>
> = {
  get: ["get", "first"],
  exists: ["get", "all"],
  strlen: ["get", "first"],
  ttl: ["get", "first"],
  mget: ["get", "all"],
  set: ["set", "first"],
  setex: ["set", "first"],
  psetex: ["set", "first"],
  setnx: ["set", "first"],
  getset: ["set", "first"],
  append: ["set", "first"],
  mset: ["set", "pairs"],
  msetnx: ["set", "pairs"],
  del: ["delete", "all"],
  unlink: ["delete", "all"],
  getdel: ["delete", "first"],
  incr: ["add", "first"],
  incrby: ["add", "first"],
  decr: ["add", "first"],
  decrby: ["add", "first"],
};

function fromRedis(line: string): Converted {
  const [, rest] = /^\d+\.\d+ \[\d+ .*?\](?= ")(.*)$/.exec(line) ?? [];
  if (rest === undefined) return { skipped: "no command" };
  const words = quotedWords(rest);
  if (words === undefined || words.length === 0) return { skipped: "no command" };
  const name = words[0]!.toLowerCase();
  const known = Object.hasOwn(redisCommands, name) ? redisCommands[name] : undefined;
  if (known === undefined) return { skipped: `command ${name}` };
  const [word, which] = known;
  const given = words.slice(1);
  const keys =
    which === "all"
      ? given
      : which === "first"
        ? given.slice(0, 1)
        : given.filter((_, i) => i % 2 === 0);
  if (keys.length === 0) return { skipped: `command ${name} without a key` };
  return { lines: keys.map((key) => formatLine({ word, key, count: 0 })) };
}

const redisEscapes: Readonly<Record<string, number>> = {
  n: 10,
  r: 13,
  t: 9,
  a: 7,
  b: 8,
  '"': 34,
  "\\": 92,
};

/** The words in quotes, as Redis escapes them: bytes that are no printable ASCII are \xNN. */
function quotedWords(text: string): string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*"((?:[^"\\]|\\.)*)"/sy;
  for (let at = 0; at < text.length; at = pattern.lastIndex) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return text.slice(at).trim() === "" ? words : undefined;
    words.push(decoded(found[1]!));
  }
  return words;
}

function decoded(inside: string): string {
  const bytes: number[] = [];
  for (const [, hex, letter, plain] of inside.matchAll(/\\x([0-9a-fA-F]{2})|\\(.)|([^\\]+)/gs)) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (letter !== undefined) bytes.push(redisEscapes[letter] ?? letter.charCodeAt(0));
    else bytes.push(...Buffer.from(plain!));
  }
  const buffer = Buffer.from(bytes);
  const text = buffer.toString("utf8");
  // Keys that are no UTF-8 stay distinct as one character a byte.
  return text.includes("\ufffd") ? buffer.toString("latin1") : text;
}
