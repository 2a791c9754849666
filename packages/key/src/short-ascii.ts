// Decodes short ASCII text, the most common kind of key, with one allocation: the string itself.
//
// Called with separate arguments, `String.fromCharCode` creates the string directly. Passing an array
// of codes, calling `apply` and concatenating characters are all slower, and most of them allocate.
// TextDecoder has a cost per call that only longer text earns back. The bytes are named a, b, c, ...;
// `all` is the bitwise OR of the bytes read so far.

/** The longest text that `decodeShortAscii` takes, in bytes. */
export const SHORT_ASCII = 24;

const text = String.fromCharCode;

/**
 * The text of `length` bytes from `start`, or undefined if any of them is not ASCII.
 *
 * @param length 0 to `SHORT_ASCII`
 */
export function decodeShortAscii(
  source: Uint8Array,
  start: number,
  length: number,
): string | undefined {
  if (length === 0) return "";
  let all = 0;
  const a = source[start]!;
  all |= a;
  if (length === 1) return all < 128 ? text(a) : undefined;
  const b = source[start + 1]!;
  all |= b;
  if (length === 2) return all < 128 ? text(a, b) : undefined;
  const c = source[start + 2]!;
  all |= c;
  if (length === 3) return all < 128 ? text(a, b, c) : undefined;
  const d = source[start + 3]!;
  all |= d;
  if (length === 4) return all < 128 ? text(a, b, c, d) : undefined;
  const e = source[start + 4]!;
  all |= e;
  if (length === 5) return all < 128 ? text(a, b, c, d, e) : undefined;
  const f = source[start + 5]!;
  all |= f;
  if (length === 6) return all < 128 ? text(a, b, c, d, e, f) : undefined;
  const g = source[start + 6]!;
  all |= g;
  if (length === 7) return all < 128 ? text(a, b, c, d, e, f, g) : undefined;
  const h = source[start + 7]!;
  all |= h;
  if (length === 8) return all < 128 ? text(a, b, c, d, e, f, g, h) : undefined;
  const i = source[start + 8]!;
  all |= i;
  if (length === 9) return all < 128 ? text(a, b, c, d, e, f, g, h, i) : undefined;
  const j = source[start + 9]!;
  all |= j;
  if (length === 10) return all < 128 ? text(a, b, c, d, e, f, g, h, i, j) : undefined;
  const k = source[start + 10]!;
  all |= k;
  if (length === 11) return all < 128 ? text(a, b, c, d, e, f, g, h, i, j, k) : undefined;
  const l = source[start + 11]!;
  all |= l;
  if (length === 12) return all < 128 ? text(a, b, c, d, e, f, g, h, i, j, k, l) : undefined;
  const m = source[start + 12]!;
  all |= m;
  if (length === 13) return all < 128 ? text(a, b, c, d, e, f, g, h, i, j, k, l, m) : undefined;
  const n = source[start + 13]!;
  all |= n;
  if (length === 14) return all < 128 ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n) : undefined;
  const o = source[start + 14]!;
  all |= o;
  if (length === 15)
    return all < 128 ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o) : undefined;
  const p = source[start + 15]!;
  all |= p;
  if (length === 16)
    return all < 128 ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) : undefined;
  const q = source[start + 16]!;
  all |= q;
  if (length === 17)
    return all < 128 ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q) : undefined;
  const r = source[start + 17]!;
  all |= r;
  if (length === 18)
    return all < 128 ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r) : undefined;
  const s = source[start + 18]!;
  all |= s;
  if (length === 19)
    return all < 128 ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s) : undefined;
  const t = source[start + 19]!;
  all |= t;
  if (length === 20)
    return all < 128 ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t) : undefined;
  const u = source[start + 20]!;
  all |= u;
  if (length === 21)
    return all < 128
      ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u)
      : undefined;
  const v = source[start + 21]!;
  all |= v;
  if (length === 22)
    return all < 128
      ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v)
      : undefined;
  const w = source[start + 22]!;
  all |= w;
  if (length === 23)
    return all < 128
      ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w)
      : undefined;
  const x = source[start + 23]!;
  all |= x;
  return all < 128
    ? text(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x)
    : undefined;
}
