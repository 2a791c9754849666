// Reads keys from a UTF-8 text file with one key per line. The file is streamed, so that a file of any
// size needs memory only for its distinct keys.
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { UsageError } from "../failure.ts";
import { bytes as asBytes, count } from "../format.ts";
import type { KeyBuilder } from "./builder.ts";

/** Length of the longest key that a map takes, in bytes. */
export const MAX_KEY_BYTES = 65_536;

/** What was read from a file. */
export interface FileSummary {
  readonly lines: number;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** As much as git reads to tell text from binary data. */
const SNIFFED_BYTES = 8000;
/** Number of bad lines that are shown one by one; the rest are only counted. */
const SHOWN_PROBLEMS = 5;

/**
 * Adds every line of a file to `builder`. A line ends with LF or CRLF. An empty line is the empty key.
 * A byte order mark at the start is skipped.
 *
 * @param progress called now and then with the number of bytes read so far and the size of the file in
 * bytes, which is 0 if unknown
 * @throws UsageError if the file cannot be read, is empty, is not text, or has lines that cannot be
 * keys. The error lists such lines by number, after the whole file was read.
 */
export async function readKeyFile(
  path: string,
  builder: KeyBuilder,
  progress: (read: number, size: number) => void,
): Promise<FileSummary> {
  const size = await sizeOf(path);
  const lines = new Lines(path, builder);
  let read = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      const bytes = chunk as Buffer;
      if (read === 0) refuseBinary(path, bytes.subarray(0, SNIFFED_BYTES));
      read += bytes.length;
      lines.push(bytes);
      progress(read, size);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read '${path}': ${(error as Error).message}`);
  }
  if (read === 0)
    throw new UsageError(`'${path}' is empty: --keys takes a file with one key per line`);
  lines.end();
  return { lines: lines.count };
}

async function sizeOf(path: string): Promise<number> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new UsageError(`'${path}' is a directory: --keys takes a file with one key per line`);
    }
    return found.isFile() ? found.size : 0;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT") {
      throw new UsageError(`there is no file '${path}' (relative to ${process.cwd()})`);
    }
    throw new UsageError(`cannot read '${path}': ${(error as Error).message}`);
  }
}

function refuseBinary(path: string, head: Buffer): void {
  const wide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  if (wide) {
    throw new UsageError(
      `'${path}' is UTF-16 text: convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8`,
    );
  }
  const zero = head.indexOf(0);
  if (zero >= 0) {
    throw new UsageError(
      `'${path}' is not text: byte ${zero} is zero. --keys takes UTF-8 text with one key per line`,
    );
  }
}

/** Splits chunks into lines, wherever the chunks were cut. */
class Lines {
  count = 0;
  readonly #path: string;
  readonly #builder: KeyBuilder;
  readonly #problems: string[] = [];
  #problemCount = 0;
  /** The start of a line whose end has not been read. Not much longer than the longest key. */
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #tooLong = false;

  constructor(path: string, builder: KeyBuilder) {
    this.#path = path;
    this.#builder = builder;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.#finishLine(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start));
  }

  end(): void {
    // The newline at the end of the last line does not start another line.
    if (this.#pendingBytes > 0 || this.#tooLong) this.#finishLine(Buffer.alloc(0));
    if (this.#problemCount === 0) return;
    const rest = this.#problemCount - this.#problems.length;
    if (rest > 0) this.#problems.push(`and ${count(rest)} more`);
    throw new UsageError(
      `'${this.#path}' has lines that cannot be keys:\n  ${this.#problems.join("\n  ")}`,
    );
  }

  #keep(part: Buffer): void {
    // Keep a key, a CR and a byte order mark at most. Beyond that, the rest is not needed.
    if (this.#tooLong) return;
    this.#pending.push(part);
    this.#pendingBytes += part.length;
    if (this.#pendingBytes > MAX_KEY_BYTES + 4) {
      this.#tooLong = true;
      this.#pending = [];
      this.#pendingBytes = 0;
    }
  }

  #finishLine(tail: Buffer): void {
    this.count++;
    let line = tail;
    if (this.#pendingBytes > 0) {
      this.#pending.push(tail);
      line = Buffer.concat(this.#pending);
      this.#pending = [];
      this.#pendingBytes = 0;
    }
    if (line[line.length - 1] === RETURN) line = line.subarray(0, -1);
    const marked = this.count === 1 && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf;
    if (marked) line = line.subarray(3);

    if (this.#tooLong || line.length > MAX_KEY_BYTES) {
      this.#tooLong = false;
      this.#problem(`is longer than a key may be (${asBytes(MAX_KEY_BYTES)})`);
    } else if (!isUtf8(line)) {
      this.#problem(`is not valid UTF-8: ${escaped(line)}`);
    } else {
      this.#builder.add(line, 0, line.length);
    }
  }

  #problem(what: string): void {
    this.#problemCount++;
    if (this.#problems.length < SHOWN_PROBLEMS) {
      this.#problems.push(`line ${count(this.count)} ${what}`);
    }
  }
}

/** The start of a line, with every byte that is not printable ASCII as \xNN. */
function escaped(line: Buffer): string {
  const shown = [...line.subarray(0, 40)].map((byte) =>
    byte >= 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`,
  );
  return `"${shown.join("")}"${line.length > 40 ? "…" : ""}`;
}
