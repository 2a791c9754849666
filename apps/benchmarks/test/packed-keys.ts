// Helpers that pack and unpack keys for the tests.
import { KeyBuilder } from "../src/keys/builder.ts";
import { KeyTable, type PackedKeys } from "../src/keys/packed.ts";

export function pack(texts: Iterable<string>): PackedKeys {
  const builder = new KeyBuilder();
  for (const text of texts) builder.addText(text);
  return builder.finish();
}

/** All keys as strings, in the order of their numbers. */
export function textsOf(packed: PackedKeys): string[] {
  const keys = new KeyTable(packed);
  return Array.from({ length: keys.count }, (_, i) => keys.text(i));
}

export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
