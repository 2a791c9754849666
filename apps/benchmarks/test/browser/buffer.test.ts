// The page's stand-in for Buffer gives what Node's gives.
import { isAscii as nodeIsAscii, isUtf8 as nodeIsUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isAscii, isUtf8, Buffer as Page } from "../../src/browser/node/buffer.ts";

const bytes = fc.uint8Array({ maxLength: 40 });

test("text becomes the same bytes and comes back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const page = Page.from(text);
      expect([...page]).toEqual([...Buffer.from(text)]);
      expect(page.toString("utf8")).toBe(Buffer.from(text).toString("utf8"));
    }),
  );
});

test("a part of shared memory is decoded as in Node", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary-ascii", maxLength: 60 }),
      fc.nat(60),
      fc.nat(60),
      (text, a, b) => {
        const shared = new SharedArrayBuffer(text.length);
        new Uint8Array(shared).set(Buffer.from(text));
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        for (const encoding of ["latin1", "utf8"] as const) {
          expect(Page.from(shared).toString(encoding, from, to)).toBe(
            Buffer.from(shared).toString(encoding, from, to),
          );
        }
      },
    ),
  );
});

test("bytes have the same order", () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(Page.compare(a, b)).toBe(Buffer.compare(a, b));
      expect(Page.compare(a, a)).toBe(0);
    }),
  );
});

test("bytes are ASCII, or UTF-8, for both or for neither", () => {
  const some = fc.oneof(
    bytes,
    fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
  );
  fc.assert(
    fc.property(some, (given) => {
      expect(isAscii(given)).toBe(nodeIsAscii(given));
      expect(isUtf8(given)).toBe(nodeIsUtf8(given));
    }),
  );
});
