// The two CRC32Cs, that of the module and that of the meta records, against RFC 3720 and each other.
import { random } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { crc32c } from "../src/meta.ts";
import { PageMemory } from "../src/page-memory.ts";

const memory = new PageMemory({ pageBytes: 65536, cacheBytes: 0 });

function inModule(bytes: Uint8Array, before = 0): number {
  memory.stage(2).set(bytes);
  return memory.open().exports.checksum(before, memory.stageAddress(), bytes.length) >>> 0;
}

// RFC 3720, B.4, and the check value of the catalogue of CRCs.
const vectors: [string, Uint8Array, number][] = [
  ["123456789", new TextEncoder().encode("123456789"), 0xe3069283],
  ["nothing", new Uint8Array(0), 0],
  ["32 zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ["0 to 31", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ["31 to 0", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
];

test.each(vectors)("of %s", (_name, bytes, checksum) => {
  expect(crc32c(bytes)).toBe(checksum);
  expect(inModule(bytes)).toBe(checksum);
});

test("of bytes of any length and position, in one piece or in two", () => {
  const draw = random(1);
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, () => draw() * 256);
    const checksum = crc32c(bytes);
    expect(inModule(bytes)).toBe(checksum);
    const cut = Math.floor(draw() * (length + 1));
    expect(inModule(bytes.subarray(cut), inModule(bytes.subarray(0, cut)))).toBe(checksum);
  }
});
