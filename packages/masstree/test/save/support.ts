// Saving to and loading from memory.
import { crc32 } from "node:zlib";
import {
  type LoadOptions,
  load,
  type MapClass,
  type ProgressOptions,
  type Savable,
  save,
} from "../../src/save.ts";

/** A stream that keeps what is written, and what becomes of it. */
export class Sink {
  readonly chunks: Uint8Array[] = [];
  end: "open" | "closed" | { aborted: unknown } = "open";
  readonly stream: WritableStream<Uint8Array<ArrayBuffer>>;

  /** @param write called before each piece is kept */
  constructor(write: (index: number) => unknown = () => {}) {
    this.stream = new WritableStream<Uint8Array<ArrayBuffer>>({
      write: async (chunk) => {
        await write(this.chunks.length);
        this.chunks.push(chunk);
      },
      close: () => {
        this.end = "closed";
      },
      abort: (reason) => {
        this.end = { aborted: reason };
      },
    });
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }
}

export async function savedBytes(map: Savable, options?: ProgressOptions): Promise<Buffer> {
  const sink = new Sink();
  const { entries, bytes } = await save(map, sink.stream, options);
  const saved = sink.bytes;
  if (entries !== map.size || bytes !== saved.length || sink.end !== "closed") {
    throw new Error("save does not tell what it wrote");
  }
  return saved;
}

export function loadBytes<M extends Savable>(
  Class: MapClass<M>,
  bytes: Uint8Array,
  options?: LoadOptions,
): Promise<M> {
  return load(Class, [bytes], options);
}

/** An entry in the bytes of the format. */
export function entry(shared: number, rest: string, value: Uint8Array): number[] {
  const key = Buffer.from(rest);
  return [shared, key.length, value.length, ...key, ...value];
}

interface Block {
  readonly payload: readonly number[];
  readonly count: number;
}

/** A file whose checksums are right, whatever else is in it. Without @masstree's code. */
export function craft(
  names: unknown,
  blocks: readonly Block[],
  options: { count?: number; version?: number } = {},
): Buffer {
  const { count = blocks.reduce((sum, block) => sum + block.count, 0), version = 1 } = options;
  const parts: Buffer[] = [];
  let check = 0;
  const seal = (bytes: Buffer) => {
    check = crc32(bytes, check);
    const word = Buffer.alloc(4);
    word.writeUInt32LE(check);
    parts.push(bytes, word);
  };
  const text = Buffer.from(typeof names === "string" ? names : JSON.stringify(names));
  const header = Buffer.alloc(12 + text.length);
  header.write("\x89MTREE\r\n", "latin1");
  header.writeUInt16LE(version, 8);
  header.writeUInt16LE(text.length, 10);
  text.copy(header, 12);
  seal(header);
  for (const block of blocks) {
    const payload = Buffer.from(block.payload);
    const head = Buffer.alloc(12);
    head.writeUInt32LE(payload.length, 0);
    head.writeUInt32LE(block.count, 4);
    head.writeUInt32LE(crc32(payload), 8);
    seal(head);
    parts.push(payload);
  }
  const trailer = Buffer.alloc(12);
  trailer.writeBigUInt64LE(BigInt(count), 4);
  seal(trailer);
  return Buffer.concat(parts);
}
